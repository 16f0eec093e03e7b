import type { Configuration } from "../module/configuration.ts";
import { putReplaced, type Replaced } from "../module/replaced.ts";
import type { Status } from "../module/status.ts";
import { encodeValue, type Json, type Value } from "../module/value.ts";
import type { JournalEntry } from "../store/journal/journal_line.ts";
import type { DBInterface } from "../store/db_interface.ts";
import type { Run, RunRecord } from "../store/run/run_record.ts";
import { findRun, findStep, type FoundRun } from "./found_run.ts";
import { changeOfBackend, computingOf } from "./computing.ts";
import { changesOfData, dataDigests } from "./data_digests.ts";
import { type Loaded, loadElsewhere } from "./load_elsewhere.ts";
import type { Load } from "./load_options.ts";
import type { Reopening } from "./options.ts";
import { provenance } from "./provenance.ts";
import { Changes } from "./changes.ts";
import { changedError, experimentDifferences, onlyBudget } from "./same_experiment.ts";
import type { Session } from "./session.ts";
import { withTodaysDefaults } from "./todays_defaults.ts";

/**
 * A Session's run in its store: which one it is, what is found of it, how it is opened. Nothing is written before the
 * run is opened to train.
 */
export class RunFile {
  readonly #session: Session;
  readonly #reopening: Reopening;
  readonly #load: Load | undefined;
  readonly #configuration: Record<string, unknown>;
  #id: string;
  #found: FoundRun | undefined;
  /** How far the store has the run: the journal up to the last good checkpoint, and how many Statistics that is. */
  #saved = { sequence: 0, statistics: 0 };
  #completed = false;
  #forgotten = false;
  #loaded: Loaded | undefined;

  constructor(session: Session, reopening: Reopening, load?: Load) {
    this.#session = session;
    this.#load = load;
    this.#reopening = { ...reopening };
    this.#configuration = (session.configuration as Configuration).toJSON();
    this.#id = session.name;
  }

  get id(): string {
    return this.#id;
  }

  /** What tells the run from all others of this process. */
  get key(): string {
    return `${placeOf(this.#session.dbInterface)}\n${this.#id}`;
  }

  /** Whether the run has ended for good: there is nothing to go on with. */
  get finished(): boolean {
    return this.#completed;
  }

  /** What the run began with, out of another one. */
  get loaded(): Loaded | undefined {
    return this.#loaded;
  }

  /** How many Statistics the store has, up to the last good checkpoint. */
  get savedStatistics(): number {
    return this.#saved.statistics;
  }

  /** Looks for what can be gone on with; a new run begins with what it is to load from elsewhere. @throws {Error} */
  async find(): Promise<FoundRun | undefined> {
    const found = await this.#find();
    const { loaded } = (found?.record.provenance ?? {}) as { loaded?: Loaded };
    const begins = found?.checkpoint === undefined && this.#load !== undefined;
    this.#loaded = begins ? await loadElsewhere(this.#session, this.#load, loaded) : loaded;
    return found;
  }

  /** @throws {Error} a run of another configuration */
  async #find(): Promise<FoundRun | undefined> {
    const { dbInterface } = this.#session;
    if (this.#reopening.fresh) return undefined;
    this.#found = this.#reopening.fork === undefined
      ? await findRun(dbInterface, this.#id)
      : await this.#findFork(this.#reopening.fork);
    const { fork, extend } = this.#reopening; // that fork may be there already
    if (this.#found === undefined) return undefined;
    const { record, checkpoint, history } = this.#found;
    if (fork === undefined) this.#compare(record);
    this.#saved = { sequence: checkpoint?.sequence ?? 0, statistics: history.length };
    this.#completed = fork === undefined && !extend && record.phase === "completed" &&
      checkpoint?.reason === "completed";
    return this.#found;
  }

  /** Puts the Session into the state that was found; gives back which Modules took another's place during the run. */
  async load({ record, checkpoint }: FoundRun): Promise<Replaced> {
    const { state, elapsed } = checkpoint!.tree as { state: Value; elapsed: number };
    const { fork, extend } = this.#reopening;
    const recorded = fork === undefined && !extend ? this.#configuration : this.#recorded(record);
    const changes = new Changes(recorded, this.#configuration);
    const replaced = changes.replaced((checkpoint!.modules ?? {}) as Replaced);
    for (const module of putReplaced(this.#session, replaced)) await module.prepare();
    await changes.load(this.#session, state, this.#configuration.seed as number);
    this.#session.trainer.looper.elapsed = elapsed;
    if (fork !== undefined || extend) this.#session.trainer.looper.stopped = null; // what stopped it is asked again
    this.#found = { ...this.#found!, checkpoint: undefined }; // its tensors are in the Session now
    const change = this.finished ? undefined : changeOfBackend(record.provenance, computingOf(this.#session.status));
    if (change !== undefined) this.#session.status.warn(change);
    if (!this.finished) {
      for (const warning of changesOfData(record.provenance, await dataDigests(this.#session))) {
        this.#session.status.warn(warning);
      }
    }
    return replaced;
  }

  /** Opens the run to train. `again` is called when another process went on with it in the meantime. */
  async open(again: () => Promise<void>): Promise<Run> {
    const { runs } = this.#session.dbInterface;
    const { fresh, fork } = this.#reopening;
    // A record that can't be read is archived as it is.
    if (fresh && await runs.find(this.#id).catch(() => true) !== undefined) await runs.archive(this.#id);
    if (fork !== undefined) await runs.copy(this.#found!.record.id, this.#id, this.#saved.sequence);
    this.#reopening.fresh = this.#reopening.fork = undefined;
    const made = await this.#create();
    if (made !== undefined) return made;
    const run = await runs.open(this.#id);
    try {
      if (this.#forgotten && this.#saved.sequence === 0) throw new Error(lost(this.#id));
      if (this.#forgotten || (fork === undefined && run.record.updated !== this.#found?.record.updated)) await again();
      this.#forgotten = false;
      if (!this.finished) await run.truncate(this.#saved.sequence);
      return run;
    } catch (error) {
      await run.close();
      throw error;
    }
  }

  /** A new run; undefined when there is one, which another process may have made at this very moment. */
  async #create(): Promise<Run | undefined> {
    const { runs } = this.#session.dbInterface;
    if (await runs.find(this.#id) !== undefined) return undefined;
    try {
      return await runs.create(await this.#newRecord());
    } catch (error) {
      if (await runs.find(this.#id) === undefined) throw error;
      return undefined;
    }
  }

  /** What is in memory can't be trusted: the next to open the run restores it. */
  forget(): void {
    this.#forgotten = true;
  }

  /** Notes that a checkpoint is safe. */
  saved(sequence: number, statistics: number): void {
    this.#saved = { sequence, statistics };
  }

  /** Notes that training goes on now. */
  async began(run: Run): Promise<void> {
    const { configuration, provenance } = await this.#newRecord(run.record.provenance);
    this.#reopening.extend = undefined;
    await run.update({ phase: "running", reason: undefined, configuration, provenance });
  }

  /** Notes which data are trained on from now on. */
  async changedData(run: Run): Promise<void> {
    const { provenance } = await this.#newRecord(run.record.provenance);
    await run.update({ provenance });
  }

  /** Notes how training ended. */
  async ended(run: Run, status: Status, summary: Json): Promise<void> {
    const reason = status.exception === undefined ? status.reason : String(status.exception);
    await run.update({ phase: status.phase, reason, summary });
    this.#found = { record: run.record, checkpoint: undefined, history: this.#session.history, warnings: [] };
    this.#completed = status.phase === "completed" && this.#saved.statistics === this.#session.history.length;
  }

  /** The run's journal, also while it is written. */
  async journal(open: Run | undefined): Promise<JournalEntry[]> {
    const { runs } = this.#session.dbInterface;
    if (open === undefined && await runs.find(this.#id) === undefined) return [];
    const run = open ?? await runs.open(this.#id, { readonly: true });
    try {
      await open?.flush();
      return await Array.fromAsync(run.entries());
    } finally {
      if (open === undefined) await run.close();
    }
  }

  #compare(record: RunRecord): void {
    const found = experimentDifferences(this.#recorded(record), this.#configuration);
    if (found.length === 0) return;
    if (!this.#reopening.extend || !onlyBudget(found)) throw changedError(this.#id, found);
  }

  /** The checkpoint to fork from, or the very same fork if it was made before: a cell that runs again goes on with it. */
  async #findFork(fork: NonNullable<Reopening["fork"]>): Promise<FoundRun> {
    const { dbInterface, name } = this.#session;
    const { step, from = name } = typeof fork === "number" ? { step: fork } : fork;
    const base = from === name || from.startsWith(`${name}-fork-`) ? `${name}-fork-${step}` : name;
    for (let n = 1;; n++) {
      this.#id = n === 1 ? base : `${base}-${n}`;
      const record = await dbInterface.runs.find(this.#id);
      if (record === undefined) return await findStep(dbInterface, from, step);
      if (!this.#isFork(record, from, step)) continue;
      this.#reopening.fork = undefined;
      return (await findRun(dbInterface, this.#id))!;
    }
  }

  #isFork(record: RunRecord, from: string, step: number): boolean {
    return record.lineage?.run === from && record.lineage.step === step &&
      experimentDifferences(this.#recorded(record), this.#configuration).length === 0;
  }

  #recorded({ configuration }: RunRecord): unknown {
    return withTodaysDefaults(this.#session.constructor as typeof Session, configuration, this.#configuration);
  }

  async #newRecord(before?: unknown): Promise<Omit<RunRecord, "updated">> {
    const { trainer: { looper: { step } }, status } = this.#session;
    const data = await dataDigests(this.#session);
    const origin = await provenance(this.#configuration.seed as number, status, { step, before, data });
    return {
      id: this.#id,
      name: this.#session.name,
      created: new Date().toISOString(),
      phase: "ready",
      configuration: encodeValue(this.#configuration as Value),
      provenance: { ...origin, ...(this.#loaded === undefined ? {} : { loaded: this.#loaded }) } as unknown as Json,
    };
  }
}

const lost = (id: string): string =>
  `Cannot go on with "${id}": a step was given up before the first checkpoint; configure the Session again`;

const places = new WeakMap<DBInterface, string>();

/** Where a store keeps things; of one that nobody else can come to, a name of its own. */
function placeOf(store: DBInterface): string {
  if (!places.has(store)) places.set(store, store.location ?? crypto.randomUUID());
  return places.get(store)!;
}
