import { dirname } from "node:path";
import { describeDifferences } from "../module/difference.ts";
import { redactor } from "../session/redact_text.ts";
import { experimentDifferences, onlyBudget } from "../session/same_experiment.ts";
import type { DBInterface } from "../store/db_interface.ts";
import { sourceDigest } from "./digest.ts";
import { type Notebook, readNotebook } from "./notebook_file.ts";
import { type CellPlace, findRecords, type ShownRecord } from "./notebook_records.ts";
import { configurationIn } from "./opened_configuration.ts";
import { isCovered } from "./option_paths.ts";
import type { NotebookRecord } from "./record_schema.ts";
import { restoreHistory } from "./reduced_history.ts";
import { isShown } from "./run_contents.ts";
import { givenStore, storeOf } from "./store_place.ts";
import { readStored, type StoredRun, wholeHistory } from "./stored_run.ts";
import { type Finding, Verification } from "./verification.ts";

const stale = (found: string, mend: string): Finding => ({ verdict: "stale", found, mend });
const unknown = (found: string, mend: string): Finding => ({ verdict: "unknown", found, mend });
const rerun = "run the cell again";

/**
 * Says of each run that a notebook shows, for each cell that shows it, whether that is as it is in its store: it
 * matches, is stale (the source, the configuration or the run changed since), or can't be known. A cell that shows an
 * earlier part of the run than a cell below it matches, too. Nothing is run, nothing is written.
 *
 * @throws {SyntaxError} a file that is not JSON, or damaged; @throws {TypeError} one that is no notebook of format 4
 */
export async function verify(
  path: string,
  { store }: { readonly store?: string | DBInterface } = {},
): Promise<Verification[]> {
  const notebook = await readNotebook(path);
  const sources = sourcesOf(notebook);
  const judge = async (id: string, shown: ShownRecord, latest: ShownRecord) => {
    const { record, error, cell } = shown;
    if (record === undefined) return new Verification(id, cell, [unknown(firstClause(error!), rerun)]);
    const damage = damageOf(record);
    if (damage !== undefined) return new Verification(id, cell, [unknown(damage, rerun)]);
    const below = latest.cell.index > cell.index ? latest.cell : undefined;
    const kept = await judgeStore(record, dirname(path), store, below);
    return new Verification(id, cell, [...judgeSource(cell, record, sources), ...kept.findings], kept.note);
  };
  const found = findRecords(notebook).flatMap((latest) =>
    [latest, ...latest.others].map((shown) => judge(latest.id, shown, latest))
  );
  return (await Promise.all(found)).sort((a, b) => a.cell.index - b.cell.index);
}

const sourcesOf = ({ cells }: Notebook): Set<string> =>
  new Set(cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => sourceDigest(source)));

function damageOf(record: NotebookRecord): string | undefined {
  try {
    restoreHistory(record.history);
  } catch (error) {
    return firstClause(error as Error);
  }
}

/** What an error found, without how to mend it. */
const firstClause = ({ message }: Error): string => message.split("; ")[0]!;

function judgeSource(cell: CellPlace, { source }: NotebookRecord, sources: ReadonlySet<string>): Finding[] {
  const findings: Finding[] = [];
  if (source.cell === null) findings.push(unknown("its record doesn't tell the source of its cell", rerun));
  else if (sourceDigest(cell.source) !== source.cell) {
    findings.push(stale("the source of its cell has changed since it ran", rerun));
  }
  if (source.configured === null) {
    findings.push(unknown("its record doesn't tell which source configured it", "run the notebook again"));
  } else if (!sources.has(source.configured)) {
    const mend = "run that cell and this one again, or put the source back";
    findings.push(stale("the cell that configured it has changed since, or is gone", mend));
  }
  return findings;
}

/** What was found in the store, and what there is to say of a match. */
interface Judgement {
  readonly findings: readonly Finding[];
  readonly note?: string;
}

async function judgeStore(
  record: NotebookRecord,
  folder: string,
  given: string | DBInterface | undefined,
  below: CellPlace | undefined,
): Promise<Judgement> {
  const { db, why } = given === undefined ? storeOf(record, folder) : givenStore(given, record.id);
  const [found, ...mend] = why.split("; ");
  const missing = { findings: [unknown(found!, mend.join("; "))] };
  if (db === undefined) return missing;
  try {
    const stored = await readStored(db, record.id);
    return stored === undefined ? missing : await judgeRun(record, stored, db, below);
  } catch (error) {
    const found = `its store can't be read: ${firstClause(error as Error)}`;
    return { findings: [unknown(found, "mend the store, or restore a copy")] };
  }
}

async function judgeRun(
  record: NotebookRecord,
  stored: StoredRun,
  db: DBInterface,
  below: CellPlace | undefined,
): Promise<Judgement> {
  const differ = configurationDifferences(record, stored);
  if (below !== undefined && isEarlier(record, stored) && onlyBudget(differ)) {
    const { steps } = record.counts;
    return { findings: [], note: `it shows the first ${steps} steps; cell ${below.index} shows how the run went on` };
  }
  const findings: Finding[] = [];
  if (differ.length > 0) {
    const text = redactor()(describeDifferences(differ).trim().replaceAll(/\s*\n\s*/g, ", "));
    findings.push(stale(`the store's run has another configuration now (${text})`, rerun));
  }
  return { findings: [...findings, ...await judgeState(record, stored, db)] };
}

/** Whether a record shows the beginning of what the store has. */
const isEarlier = (record: NotebookRecord, { checkpoint, history }: StoredRun): boolean =>
  checkpoint !== undefined && checkpoint.step > record.counts.steps && isShown(
    history.slice(
      Math.min(history.length, record.counts.statistics),
    ),
    record,
  );

async function judgeState(record: NotebookRecord, stored: StoredRun, db: DBInterface): Promise<Finding[]> {
  const { digests: { state, checkpoint }, counts: { steps, statistics } } = record;
  if (stored.digest === undefined) {
    return [unknown("the store has no good checkpoint of it", "run the cell again, or restore a copy of the store")];
  }
  const { step } = stored.checkpoint!;
  if (stored.digest === state && step === steps) return [];
  if (stored.digest === checkpoint && step <= steps) {
    // It failed or was given up after its last checkpoint: the rest that is shown may be in the journal.
    const whole = await wholeHistory(db, record.id);
    if (whole.length >= statistics && isShown(whole.slice(statistics), record)) return [];
    return [stale(`what it shows after step ${step} is not in the store: it was not saved`, rerun)];
  }
  const found = step > steps
    ? `the run has gone on since: from step ${steps} to ${step}`
    : step < steps
    ? `the store's run is at step ${step}, before the ${steps} that are shown: it was made anew or taken back`
    : "the store's run has another State at the same step: it was made anew";
  return [stale(found, rerun)];
}

/** Where the configurations differ, but for what the record had to change in its own. */
function configurationDifferences(record: NotebookRecord, stored: StoredRun) {
  const changed = [...record.hidden, ...record.relative];
  return experimentDifferences(configurationIn(record), stored.record.configuration)
    .filter(({ path }) => !isCovered(path, changed));
}
