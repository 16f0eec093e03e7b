import type { LoadReport } from "../module/load_state.ts";
import { valueToState } from "../module/state.ts";
import { quoted, suggest } from "../module/text.ts";
import type { Value } from "../module/value.ts";
import type { DBInterface } from "../store/db_interface.ts";
import type { Checkpoint } from "../store/run/run_record.ts";
import type { Load } from "./load_options.ts";
import type { Session } from "./session.ts";

/** What a run began with: whose checkpoint, and which paths. */
export interface Loaded {
  /** The class of the store. */
  readonly store: string;
  readonly run: string;
  /** When that run was made. */
  readonly created: string;
  readonly sequence: number;
  readonly step: number;
  /** The paths that were loaded. */
  readonly paths: readonly string[];
}

/** A checkpoint of another run, and whose it is. */
interface Source extends Omit<Loaded, "paths"> {
  readonly checkpoint: Checkpoint;
}

/**
 * Loads a part of another run's State, from another store perhaps, into a Session that begins a new run.
 *
 * @param before what was loaded when this run began the first time: the same is loaded again
 * @returns what was loaded; undefined where there is nothing and that is allowed
 * @throws {RangeError} no such run; @throws {TypeError} its State doesn't fit
 */
export async function loadElsewhere(session: Session, load: Load, before?: Loaded): Promise<Loaded | undefined> {
  const db = load.from?.build() ?? session.dbInterface;
  try {
    const source = before === undefined ? await newest(db, load, session.name) : await theSame(db, before);
    if (source === undefined) return undefined;
    const { checkpoint, ...from } = source;
    const { loaded } = await put(checkpoint, from, session, load);
    const told: Loaded = { ...from, paths: loaded };
    session.emit("state_loaded", { ...told, paths: [...loaded] });
    return told;
  } finally {
    if (db !== session.dbInterface) await db.close();
  }
}

/** The latest good checkpoint of the first run that a query gives and that has one. */
async function newest(db: DBInterface, { query, optional }: Load, own: string): Promise<Source | undefined> {
  const { where, sort = { created: -1 }, skip = 0, limit = Infinity } = typeof query === "string"
    ? { where: { id: query } }
    : query;
  const found = (await db.runs.query({ where, sort, select: ["id"] })).filter(({ id }) => id !== own);
  for (const { id } of found.slice(skip, skip + limit)) {
    const source = await open(db, id, (run) => run.latest());
    if (source !== undefined) return source;
  }
  if (optional) return undefined;
  const known = (await db.runs.list()).map(({ id }) => id).filter((id) => id !== own);
  const place = db.location ?? `a ${db.constructor.name}`;
  const wanted = typeof query === "string" ? `a run "${query}"` : `a run that fits ${JSON.stringify(query)}`;
  const near = known.length === 0
    ? "it has no other run"
    : typeof query === "string"
    ? suggest(query, known)
    : `its runs are ${quoted(known)}`;
  const why = found.length > skip ? "none of those that fit has a good checkpoint" : near;
  throw new RangeError(
    `Cannot load ${wanted} from ${place}: ${why}; see load.from and load.query, or begin without it: load.optional`,
  );
}

/** The checkpoint from which this run began before. */
async function theSame(db: DBInterface, { run, created, sequence }: Loaded): Promise<Source> {
  const record = await db.runs.find(run);
  const source = record?.created === created ? await open(db, run, (run) => run.load(sequence)) : undefined;
  if (source !== undefined) return source;
  throw new Error(
    `Cannot begin again from run "${run}", as this one did: it is not there any more; ` +
      `restore a copy of it, or start over with { fresh: true }`,
  );
}

async function open(
  db: DBInterface,
  id: string,
  pick: (run: Awaited<ReturnType<DBInterface["runs"]["open"]>>) => Promise<Checkpoint | undefined>,
): Promise<Source | undefined> {
  const run = await db.runs.open(id, { readonly: true });
  try {
    const checkpoint = await pick(run);
    if (checkpoint === undefined) return undefined;
    const { created } = run.record, { sequence, step } = checkpoint;
    return { store: db.constructor.name, run: id, created, sequence, step, checkpoint };
  } finally {
    await run.close();
  }
}

async function put(
  { tree }: Checkpoint,
  { run, step }: Omit<Loaded, "paths">,
  session: Session,
  { only, rename }: Load,
): Promise<LoadReport> {
  const { state } = tree as { state: Value };
  try {
    const report = await session.loadState(valueToState(state), {
      only: typeof only === "string" ? new RegExp(only) : only,
      rename,
    });
    if (report.loaded.length === 0) throw new TypeError(`load.only fits none of its paths: ${JSON.stringify(only)}`);
    return report;
  } catch (cause) {
    throw new TypeError(
      `Cannot begin "${session.name}" with the State of run "${run}" at step ${step}: ${(cause as Error).message}; ` +
        `choose what is loaded by load.only, and where to by load.rename`,
      { cause },
    );
  }
}
