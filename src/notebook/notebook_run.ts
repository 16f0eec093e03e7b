import { Configuration } from "../module/configuration.ts";
import { History } from "../module/history.ts";
import { slot } from "../module/slot.ts";
import type { State } from "../module/state.ts";
import { dataDigests } from "../session/data_digests.ts";
import type { Reopening } from "../session/options.ts";
import type { Session } from "../session/session.ts";
import { DBInterface } from "../store/db_interface.ts";
import { LowdbStore } from "../store/lowdb_store.ts";
import { MemoryStore } from "../store/memory_store.ts";
import { stores } from "../store/stores.ts";
import { importRun } from "./import_run.ts";
import type { CellPlace, FoundRecord } from "./notebook_records.ts";
import { checkSame, configurationIn, openConfiguration } from "./opened_configuration.ts";
import { isCovered, override, type Overrides, pathsOf } from "./option_paths.ts";
import type { NotebookRecord } from "./record_schema.ts";
import { printable } from "./printable.ts";
import type { FoundWeights, Where } from "./run_contents.ts";
import type { PlacedStore } from "./store_place.ts";
import { weightsPath } from "./weights.ts";

/** What a run is read with besides its record. */
export interface RunSurroundings<S extends Session> {
  /** The notebook's path, and its folder. */
  readonly notebook: string;
  readonly folder: string;
  readonly store: PlacedStore;
  readonly history: History;
  readonly found: FoundWeights;
  configure(configuration: object, reopening: Reopening): Promise<S>;
}

const store = slot(DBInterface, stores, LowdbStore);

/**
 * A run as a notebook shows it. Of one whose record is damaged only `error` tells more than where it is: its History is
 * empty, the rest throws that error.
 */
export class NotebookRun<S extends Session = Session> {
  /** Its name in its store; `?` where a damaged record doesn't tell it. */
  readonly id: string;
  /** The cell that shows it, and all that do. */
  readonly cell: CellPlace;
  readonly cells: readonly CellPlace[];
  /** Why it can't be read; undefined when it can. */
  readonly error: Error | undefined;
  /** Whole where the store has it, else as far as the notebook does. */
  readonly history: History;
  /** The State it ended with; undefined where neither the store, the notebook nor a file beside it has it. */
  readonly weights: State | undefined;
  /** From where the weights are. */
  readonly where: Where;
  /** What was found amiss. */
  readonly warnings: readonly string[];
  readonly #record: NotebookRecord | undefined;
  readonly #surroundings: RunSurroundings<S> | undefined;

  constructor(found: FoundRecord, surroundings?: RunSurroundings<S>) {
    this.id = found.id;
    this.cell = found.cell;
    this.cells = found.cells;
    this.error = found.error;
    this.#record = found.record;
    this.#surroundings = surroundings;
    this.history = surroundings?.history ?? History.empty;
    this.weights = surroundings?.found.weights;
    this.where = surroundings?.found.where ?? "nowhere";
    this.warnings = [...found.warnings, ...surroundings?.found.warnings ?? []];
  }

  /** What a chart calls it. */
  get label(): string {
    return this.id;
  }

  /** The experiment's name: another one than the id for a fork. */
  get name(): string {
    return this.#record?.name ?? this.id;
  }

  /** All that the notebook says of it. */
  get record(): NotebookRecord {
    if (this.#record === undefined) throw this.error;
    return this.#record;
  }

  /** What it was configured with; `record.hidden` lists what is left out of it. */
  get configuration(): Configuration {
    return new Configuration(configurationIn(this.record));
  }

  /**
   * A Session that can go on with it: in its store, seen from the notebook's folder. A store that doesn't have it is
   * given it first, from the weights in the notebook or beside it.
   *
   * @param overrides changes by path: what the record hides, a longer budget, `{ dbInterface: "MemoryStore" }` to keep nothing
   * @throws {Error} no weights anywhere, something hidden that isn't given, or a change that makes it another experiment
   */
  async open(reopening: Reopening = {}, overrides: Overrides = []): Promise<S> {
    const { record, id } = this, { folder, store: placed, configure } = this.#surroundings!;
    const elsewhere = storeIn(record, overrides);
    const db = elsewhere ?? placed.db ?? new MemoryStore();
    const kept = await db.runs.find(id);
    const opened = openConfiguration(record, folder, kept?.configuration, overrides);
    if (kept === undefined && !reopening.fresh) await this.#import(db, opened, reopening, elsewhere === undefined);
    const session = await configure({ ...opened.changed, dbInterface: db }, reopening);
    if (kept === undefined && !reopening.fresh && record.history.reduced) {
      session.status.warn("its History came from a notebook, reduced: what follows the History may decide otherwise");
    }
    await this.#compareData(session);
    return session;
  }

  async #import(db: DBInterface, opened: ReturnType<typeof openConfiguration>, reopening: Reopening, own: boolean) {
    const { record, history, weights, id } = this, { store: { why }, notebook } = this.#surroundings!;
    if (weights === undefined) {
      throw new Error(
        `Cannot open the run "${id}": ${own ? why : "the store that was given doesn't have it"}; nor are its weights ` +
          `in the notebook or in "${weightsPath(notebook, id)}"; open({ fresh: true }) trains it anew`,
      );
    }
    checkSame(id, opened, reopening);
    const configuration = new Configuration(opened.base).resolve().toJSON();
    await importRun(db, { record, configuration, history, state: weights });
  }

  /** Warns of data that are not those that it was trained on. */
  async #compareData(session: S): Promise<void> {
    const now = await dataDigests(session);
    for (const [name, digest] of Object.entries(this.record.digests.data)) {
      if (digest === null || now[name] === undefined || now[name] === null || now[name] === digest) continue;
      session.status.warn(`the data set "${name}" is not the one that the notebook's run used: its digest is another`);
    }
  }

  toString(): string {
    const last = this.history.names.map((name) => `${name} ${this.history.last(name)!.value.toPrecision(4)}`);
    const state = this.error === undefined
      ? `${this.record.phase}, weights: ${this.where}`
      : `damaged: ${this.error.message}`;
    return printable(`NotebookRun "${this.id}" in cell ${this.cell.index}: ${[state, ...last].join(", ")}`);
  }

  [Symbol.for("Deno.customInspect")](): string {
    return this.toString();
  }
}

/** The store that overrides name or change, if they do. @throws {TypeError} one that can't be built */
function storeIn(record: NotebookRecord, overrides: Overrides): DBInterface | undefined {
  const { dbInterface } = configurationIn(record);
  if (!pathsOf(overrides).some((path) => isCovered(path, ["dbInterface"]))) return undefined;
  const { data, error } = store.safeParse(override({ dbInterface }, overrides).dbInterface);
  if (data !== undefined) return data.build();
  const found = error!.issues.map(({ message }) => message).join("; ");
  throw new TypeError(`Cannot open the run "${record.id}": dbInterface: ${found}`);
}
