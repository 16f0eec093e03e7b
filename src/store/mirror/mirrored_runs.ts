import { copying, copyRuns } from "../run/copy_runs.ts";
import type { Mirror } from "./mirror.ts";
import { MirroredRun } from "./mirrored_run.ts";
import { queryRuns, type RunQuery } from "../run/run_query.ts";
import type { RunDocument } from "../run/run_document.ts";
import type { NewRecord, Run, RunRecord, Runs, RunSummary } from "../run/run_record.ts";
import { isSameRun } from "../run/sync_run.ts";

/** The runs in two stores: the local one is asked, the remote one has what the local one lacks. */
export class MirroredRuns implements Runs {
  readonly #mirror: Mirror;
  readonly #warnings: string[] = [];
  /** Runs that this process has open for writing. */
  readonly #open = new Set<string>();

  constructor(mirror: Mirror) {
    this.#mirror = mirror;
    mirror.line.listen((message) => this.#warnings.push(message));
  }

  get warnings(): readonly string[] {
    return [...this.#local.warnings, ...this.#warnings];
  }

  get #local(): Runs {
    return this.#mirror.local.runs;
  }

  async list(): Promise<RunSummary[]> {
    const local = await this.#local.list(), known = new Set(local.map(({ id }) => id));
    const remote = (await this.#mirror.line.ask((store) => store.runs.list()))?.answer ?? [];
    const all = [...local];
    for (const run of remote) {
      if (!known.has(run.id) && !await this.#mirror.archives().has(run)) all.push(run);
    }
    return all.sort((a, b) => a.created < b.created ? -1 : a.created > b.created ? 1 : a.id < b.id ? -1 : 1);
  }

  async query(query?: RunQuery): Promise<RunDocument[]> {
    await this.#local.query({ limit: 0 }); // what it hasn't in its index yet, it has now
    const find = async (id: string) => await this.#local.find(id) ?? await this.#findThere(id);
    return await queryRuns({ list: () => this.list(), find }, query);
  }

  /** A run that only the remote store has, or on which somebody went on there, is fetched first. */
  async find(id: string): Promise<RunRecord | undefined> {
    await this.#fetch(id);
    return await this.#local.find(id);
  }

  async create(record: NewRecord): Promise<Run> {
    await this.#fetch(record.id);
    return await this.#taking(record.id, async () => await this.#opened(await this.#local.create(record)));
  }

  async open(id: string, options: { readonly?: boolean; wait?: number } = {}): Promise<Run> {
    await this.#fetch(id);
    if (options.readonly) return await this.#local.open(id, options);
    return await this.#taking(id, async () => await this.#opened(await this.#local.open(id, options), options.wait));
  }

  async archive(id: string, options?: { wait?: number }): Promise<string> {
    await this.#fetch(id);
    const record = await this.#local.find(id).catch(() => undefined); // damaged: archived as it is
    const name = await this.#taking(id, async () => {
      if (record !== undefined) await this.#mirror.archives().add(id, record.created);
      return await this.#local.archive(id, options);
    });
    this.#open.delete(id);
    this.#mirror.behind(name);
    return name;
  }

  async copy(id: string, to: string, sequence: number): Promise<void> {
    await this.#fetch(id);
    await this.#fetch(to);
    await this.#local.copy(id, to, sequence);
    this.#mirror.behind(to);
  }

  /** Whether this process has a run open for writing. */
  isOpen(id: string): boolean {
    return this.#open.has(id);
  }

  /** Takes a run from whoever ships it beside, and keeps it, unless that fails. */
  async #taking<T>(id: string, work: () => Promise<T>): Promise<T> {
    const isMine = this.#open.has(id);
    this.#open.add(id);
    try {
      await this.#mirror.free(id);
      return await work();
    } catch (error) {
      if (!isMine) this.#open.delete(id);
      throw error;
    }
  }

  async #opened(local: Run, wait?: number): Promise<Run> {
    const run = new MirroredRun(local, this.#mirror, () => this.#open.delete(local.id));
    try {
      await run.connect(wait);
      return run;
    } catch (error) { // somebody else writes it there
      await local.close();
      throw error;
    }
  }

  async #findThere(id: string): Promise<RunRecord | undefined> {
    const { line, pauses } = this.#mirror;
    const found = await line.ask((remote) => remote.runs.find(id));
    if (found !== undefined) return found.answer;
    if (!pauses || await this.#local.find(id).catch(() => true) !== undefined) return undefined;
    throw new Error(
      `Cannot look for run "${id}": ${line.problem ?? "the remote store doesn't answer"}; ` +
        `see that it runs, or go on without it: whenUnreachable: "continue"`,
    );
  }

  /** Brings the local store up to what somebody else did in the remote one. */
  async #fetch(id: string): Promise<void> {
    if (this.#open.has(id)) return;
    const { line, local } = this.#mirror;
    const there = await this.#findThere(id);
    if (there === undefined || await this.#mirror.archives().has(there)) return;
    const here = await this.#local.find(id).catch(() => there); // damaged: that is told by who opens it
    if (here !== undefined && !isSameRun(here, there)) return; // ours takes its name when it is shipped
    if (here !== undefined && here.phase !== copying && here.updated >= there.updated) return;
    await this.#mirror.free(id);
    const [report] = await line.run((remote) => copyRuns(remote, local, { ids: [id], archive: true }));
    if (report?.archived === undefined) return;
    this.#warnings.push(
      `run "${id}" went on here and in ${line.place}: theirs is here now, ours is archived as "${report.archived}"`,
    );
  }
}
