import { suggest } from "../../module/text.ts";
import { checkpointPath, readMeta } from "./checkpoint_file.ts";
import { isTemporary, sweepTemporaries, temporaryName, writeFile } from "../folder.ts";
import { JournalFile } from "../journal/journal_file.ts";
import type { Lock } from "../lock.ts";
import { checkName } from "../names.ts";
import { type Shared, StoredRun } from "./run.ts";
import type { RunDocument } from "./run_document.ts";
import { listRuns, readRecord, runLockPath, runPath, writeRecord } from "./run_files.ts";
import { queryRuns, type RunQuery } from "./run_query.ts";
import type { NewRecord, Run, RunRecord, Runs, RunSummary } from "./run_record.ts";
import { summarizeAll } from "./summarize_run.ts";

/** The runs in a {@linkcode Folder}. */
export class StoredRuns implements Runs {
  readonly #shared: Shared;
  readonly #warnings: Set<string>;

  constructor(shared: Shared, warnings: Set<string>) {
    this.#shared = shared;
    this.#warnings = warnings;
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  list(): Promise<RunSummary[]> {
    return this.#shared.index.list();
  }

  async find(id: string): Promise<RunRecord | undefined> {
    return await readRecord(this.#shared.folder, checkName("run", id));
  }

  async query(query?: RunQuery): Promise<RunDocument[]> {
    const remember = (found: readonly RunSummary[]) => this.#shared.index.fill(found);
    const list = async () => await summarizeAll(this, await this.list(), remember);
    return await queryRuns({ list, find: (id) => this.find(id) }, query);
  }

  async create(record: NewRecord): Promise<Run> {
    const full: RunRecord = { updated: new Date().toISOString(), ...record };
    const lock = await this.#lockFree("create", checkName("run", record.id));
    try {
      await this.#build(record.id, full, () => Promise.resolve());
      return await this.#open(record.id, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async open(id: string, { readonly = false, wait }: { readonly?: boolean; wait?: number } = {}): Promise<Run> {
    checkName("run", id);
    if (await readRecord(this.#shared.folder, id) === undefined) throw await this.#absent("open", id);
    if (readonly) return await this.#open(id);
    const lock = await this.#lock(id, wait);
    try {
      return await this.#open(id, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  async archive(id: string, { wait }: { wait?: number } = {}): Promise<string> {
    const { folder, blobs, index } = this.#shared;
    if (!(await listRuns(folder)).includes(checkName("run", id))) throw await this.#absent("archive", id);
    const lock = await this.#lock(id, wait);
    try {
      let n = 1;
      const move = async () => { // references move: no sweeping meanwhile
        while (!await folder.rename(runPath(id), runPath(`${id}~${n}`))) n++;
      };
      await blobs.saving(move);
      const record = await readRecord(folder, `${id}~${n}`).catch(() => undefined); // damaged: archived as it is
      if (record !== undefined) await index.put(record);
      return `${id}~${n}`;
    } finally {
      lock.release();
    }
  }

  async copy(id: string, to: string, sequence: number): Promise<void> {
    const { folder, blobs, index } = this.#shared;
    const record = await this.find(id);
    if (record === undefined) throw await this.#absent("copy", id);
    const lock = await this.#lockFree("copy", checkName("run", to));
    try {
      await blobs.saving(async () => {
        const path = `${runPath(id)}/${checkpointPath(sequence)}`;
        const [checkpoint, meta] = [await folder.read(path), await readMeta(folder, path)];
        if (checkpoint === undefined || meta === undefined) {
          throw new RangeError(`Cannot copy run "${id}": it has no checkpoint ${sequence}; see its checkpoints()`);
        }
        const now = new Date().toISOString(), lineage = { run: id, sequence, step: meta.step };
        const { heartbeat: _, summary: __, reason: ___, ...rest } = record;
        await this.#build(to, { ...rest, id: to, name: to, created: now, updated: now, lineage }, async (target) => {
          await this.#copyJournal(id, sequence, `${target}/journal.jsonl`);
          await writeFile(folder, `${target}/${checkpointPath(sequence)}`, checkpoint);
        });
      });
      await index.put((await readRecord(folder, to))!);
    } finally {
      lock.release();
    }
  }

  /** Makes a run's folder whole or not at all: under another name first. */
  async #build(id: string, record: RunRecord, fill: (path: string) => Promise<void>): Promise<void> {
    const { folder } = this.#shared;
    await sweepTemporaries(folder, "runs", id);
    const path = `runs/${temporaryName(id)}`;
    try {
      await writeRecord(folder, path, record);
      await fill(path);
      if (!await folder.rename(path, runPath(id))) throw taken("create", id);
    } catch (error) {
      await folder.remove([path]).catch(() => {});
      throw error;
    }
  }

  async #copyJournal(id: string, sequence: number, target: string): Promise<void> {
    const { folder } = this.#shared;
    const journal = await JournalFile.open(folder, `${runPath(id)}/journal.jsonl`, { readonly: true });
    if (journal.last < sequence) {
      throw new RangeError(`Cannot copy run "${id}": its journal ends at ${journal.last}, before ${sequence}`);
    }
    const file = await folder.append(target);
    try {
      for await (const block of journal.prefix(sequence)) await file.write(block);
      await file.sync();
    } finally {
      file.close();
    }
  }

  async #open(id: string, lock?: Lock): Promise<Run> {
    const { folder, index } = this.#shared;
    const record = await readRecord(folder, id);
    if (record === undefined) throw await this.#absent("open", id);
    if (lock !== undefined) {
      await sweepTemporaries(folder, runPath(id));
      await sweepTemporaries(folder, `${runPath(id)}/checkpoints`);
      await index.put(record);
    }
    return await StoredRun.open(this.#shared, record, lock);
  }

  #lock(id: string, wait?: number): Promise<Lock> {
    return this.#shared.folder.lock(runLockPath(id), { what: `run "${id}"`, wait });
  }

  /** Locks a name that no run has. */
  async #lockFree(verb: string, id: string): Promise<Lock> {
    const isTaken = async () => (await this.#shared.folder.list(runPath(id))).length > 0;
    if (await isTaken()) throw taken(verb, id);
    const lock = await this.#lock(id);
    if (!await isTaken()) return lock;
    lock.release();
    throw taken(verb, id);
  }

  async #absent(verb: string, id: string): Promise<Error> {
    const known = (await listRuns(this.#shared.folder)).filter((name) => !isTemporary(name));
    return new RangeError(
      `Cannot ${verb} run "${id}": there is none in ${this.#shared.folder.place}; ${suggest(id, known)}`,
    );
  }
}

const taken = (verb: string, id: string): Error =>
  new RangeError(`Cannot ${verb} run "${id}": there is one already; open it, archive it first, or take another name`);
