import type { DBInterface } from "../db_interface.ts";
import type { Filter } from "../documents/filter.ts";
import { compareJournals } from "../journal/compare_journals.ts";
import type { Run, RunRecord } from "./run_record.ts";
import { isSameRun, syncCheckpoints, type Synced, syncJournal, syncRecord } from "./sync_run.ts";

/** Which runs are copied, and how. */
export interface CopyOptions {
  /** The runs' ids; all that `where` fits when left out. */
  ids?: readonly string[];
  /** As in `runs.query`; all runs when left out too. */
  where?: Filter;
  /** The name that one run gets there. */
  as?: string;
  /** Another run of the same name there is archived first; otherwise that is an error. */
  archive?: boolean;
  /** Hears of each run when it is there. */
  told?: (report: CopyReport) => void;
  /** Hears of each run that can't be copied since another one is there; left out, the first such ends it. */
  refused?: (error: RangeError) => void;
}

/** What became of a run that was copied. */
export interface CopyReport extends Synced {
  id: string;
  /** Its name in the other store. */
  as: string;
  /**
   * `copied`: it was not there; `completed`: a part of it was; `same`: nothing was missing; `newer`: the one there went
   * on and was left as it is.
   */
  outcome: "copied" | "completed" | "same" | "newer";
  /** The name under which the run that was there is kept. */
  archived?: string;
}

/** The phase on record of a run that is not all there yet. */
export const copying = "copying";

/**
 * Copies runs from one store to another: records, journals, checkpoints with their arrays. All is read back and
 * compared. What is there already is not written again, so that a copy that was cut off can be done again and goes on.
 *
 * @throws {RangeError} another run of the same name is there: nothing of that is changed
 */
export async function copyRuns(from: DBInterface, to: DBInterface, options: CopyOptions = {}): Promise<CopyReport[]> {
  const { where, as, told = () => {}, refused = fail } = options;
  const ids = options.ids ?? (await from.runs.query({ where, select: ["id"] })).map(({ id }) => id);
  if (as !== undefined && ids.length !== 1) {
    throw new TypeError(`Cannot copy ${ids.length} runs under one name "${as}"; copy them one by one`);
  }
  const reports: CopyReport[] = [];
  for (const id of ids) {
    try {
      reports.push(await copyRun(from, to, id, options));
      told(reports.at(-1)!);
    } catch (error) {
      refused(error instanceof RangeError ? error : fail(error));
    }
  }
  return reports;
}

function fail(error: unknown): never {
  throw error;
}

async function copyRun(from: DBInterface, to: DBInterface, id: string, options: CopyOptions): Promise<CopyReport> {
  const as = options.as ?? id;
  const source = await from.runs.open(id, { readonly: true });
  try {
    const present = await to.runs.find(as);
    const filled = present === undefined ? undefined : await fillPresent(source, present, to, options.archive ?? false);
    if (filled !== undefined && "outcome" in filled) return { id, as, ...filled };
    const { heartbeat: _, mirrored: __, ...record } = source.record;
    const made = await to.runs.create({ ...record, id: as, name: nameAs(source.record, as), phase: copying });
    return { id, as, ...await closing(made, () => fill(source, made)), outcome: "copied", ...filled };
  } finally {
    await source.close();
  }
}

/** Completes the run that is there, or archives it, where that is wanted and it is another one. */
async function fillPresent(
  source: Run,
  present: RunRecord,
  to: DBInterface,
  archive: boolean,
): Promise<Omit<CopyReport, "id" | "as"> | { archived: string }> {
  const { id } = present;
  if (!isSameRun(present, source.record)) {
    if (!archive) throw otherRun(source.record, present, to);
    return { archived: await to.runs.archive(id) };
  }
  const target = await to.runs.open(id);
  const report = await closing(target, async () => {
    const { common, beyond: [ahead, further] } = await compareJournals(source, target);
    if (!further) return await fill(source, target, { recordStands: !ahead && isNewer(target.record, source.record) });
    const [ours, theirs] = [await goesOn(source, common), await goesOn(target, common)];
    if (ours && theirs) {
      if (!archive) throw wentApart(target, common);
      return undefined;
    }
    if (theirs || (!ours && target.record.updated >= source.record.updated)) {
      return { outcome: "newer" as const, entries: 0, checkpoints: 0, unreadable: new Map() };
    }
    await target.truncate(common);
    return await fill(source, target);
  });
  return report ?? { archived: await to.runs.archive(id) };
}

/**
 * Whether a run has a checkpoint after an entry of its journal: what comes after the last one (how a run ended, steps
 * before it was killed) is given up by whoever goes on with it.
 */
const goesOn = async (run: Run, sequence: number): Promise<boolean> =>
  ((await run.checkpoints()).at(-1)?.sequence ?? 0) > sequence;

async function closing<T>(run: Run, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await run.close();
  }
}

/** Whether a run that is all there was updated after another one. */
const isNewer = (target: RunRecord, source: RunRecord): boolean =>
  target.phase !== copying && target.updated > source.updated;

/** @param recordStands how the run ended there was noted later: only what is missing besides is brought */
async function fill(
  source: Run,
  target: Run,
  { recordStands = false } = {},
): Promise<Omit<CopyReport, "id" | "as">> {
  const complete = target.record.phase !== copying;
  const entries = await syncJournal(source, target);
  await checkJournal(source, target);
  const checkpoints = await syncCheckpoints(source, target, { verify: true });
  if (!recordStands) await syncRecord(source, target, nameAs(source.record, target.id));
  const nothing = complete && entries === 0 && checkpoints.checkpoints === 0;
  return { outcome: !nothing ? "completed" : recordStands ? "newer" : "same", entries, ...checkpoints };
}

/** A run that got another id gets it as its name, too. */
const nameAs = ({ id, name }: RunRecord, as: string): string => as === id ? name : as;

async function checkJournal(source: Run, target: Run): Promise<void> {
  const { beyond: [, differs] } = await compareJournals(source, target);
  if (!differs) return;
  throw new Error(
    `Cannot copy the journal of run "${target.id}": what was written comes back otherwise; ` +
      `see whether that store is sound, and copy again`,
  );
}

const placeOf = (db: DBInterface): string => db.location ?? `a ${db.constructor.name}`;

const waysOut = "copy it under another name (`as`, --as NAME), or archive the one there first (`archive`, --archive)";

const otherRun = (ours: RunRecord, theirs: RunRecord, to: DBInterface): Error =>
  new RangeError(
    `Cannot copy run "${ours.id}" to ${placeOf(to)}: there is another run "${theirs.id}" there, ` +
      `created ${theirs.created}, not ${ours.created}; ${waysOut}`,
  );

const wentApart = (target: Run, common: number): Error =>
  new RangeError(
    `Cannot copy run "${target.id}": the one there went on differently after entry ${common} of its journal; ${waysOut}`,
  );
