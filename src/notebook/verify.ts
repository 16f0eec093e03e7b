import { dirname } from "node:path";
import { describeDifferences } from "../module/difference.ts";
import { redactor } from "../session/redact_text.ts";
import { experimentDifferences } from "../session/same_experiment.ts";
import type { DBInterface } from "../store/db_interface.ts";
import { sourceDigest } from "./digest.ts";
import { type Notebook, readNotebook } from "./notebook_file.ts";
import { findRecords, type FoundRecord } from "./notebook_records.ts";
import { configurationIn } from "./opened_configuration.ts";
import { isCovered } from "./option_paths.ts";
import type { NotebookRecord } from "./record_schema.ts";
import { restoreHistory } from "./reduced_history.ts";
import { givenStore, storeOf } from "./store_place.ts";
import { readStored, type StoredRun } from "./stored_run.ts";
import { type Finding, Verification } from "./verification.ts";

const stale = (found: string, mend: string): Finding => ({ verdict: "stale", found, mend });
const unknown = (found: string, mend: string): Finding => ({ verdict: "unknown", found, mend });
const rerun = "run the cell again";

/**
 * Says of each run that a notebook shows whether that is as it is in its store: it matches, is stale (the source, the
 * configuration or the run changed since), or can't be known. Nothing is run, nothing is written.
 *
 * @throws {SyntaxError} a file that is not JSON, or damaged; @throws {TypeError} one that is no notebook of format 4
 */
export async function verify(
  path: string,
  { store }: { readonly store?: string | DBInterface } = {},
): Promise<Verification[]> {
  const notebook = await readNotebook(path);
  const sources = sourcesOf(notebook);
  const judge = async (found: FoundRecord) => {
    const { record, error, cell, id } = found;
    if (record === undefined) return new Verification(id, cell, [unknown(firstClause(error!), rerun)]);
    const damage = damageOf(record);
    if (damage !== undefined) return new Verification(id, cell, [unknown(damage, rerun)]);
    const findings = [...judgeSource(found, record, sources), ...await judgeStore(record, dirname(path), store)];
    return new Verification(id, cell, findings);
  };
  return await Promise.all(findRecords(notebook).map(judge));
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

function judgeSource({ cell }: FoundRecord, { source }: NotebookRecord, sources: ReadonlySet<string>): Finding[] {
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

async function judgeStore(record: NotebookRecord, folder: string, given?: string | DBInterface): Promise<Finding[]> {
  const { db, why } = given === undefined ? storeOf(record, folder) : givenStore(given, record.id);
  const [found, ...mend] = why.split("; ");
  if (db === undefined) return [unknown(found!, mend.join("; "))];
  try {
    const stored = await readStored(db, record.id);
    return stored === undefined ? [unknown(found!, mend.join("; "))] : judgeRun(record, stored);
  } catch (error) {
    return [unknown(`its store can't be read: ${firstClause(error as Error)}`, "mend the store, or restore a copy")];
  }
}

function judgeRun(record: NotebookRecord, stored: StoredRun): Finding[] {
  const findings: Finding[] = [];
  const differ = configurationDifferences(record, stored);
  if (differ.length > 0) {
    const text = redactor()(describeDifferences(differ).trim().replaceAll(/\s*\n\s*/g, ", "));
    findings.push(stale(`the store's run has another configuration now (${text})`, rerun));
  }
  const { state, checkpoint } = record.digests, { steps } = record.counts;
  if (stored.digest === undefined) {
    findings.push(
      unknown("the store has no good checkpoint of it", "run the cell again, or restore a copy of the store"),
    );
  } else if (stored.digest !== state && stored.digest !== checkpoint) {
    const { step } = stored.checkpoint!;
    const found = step > steps
      ? `the run has gone on since: from step ${steps} to ${step}`
      : step < steps
      ? `the store's run is at step ${step}, before the ${steps} that are shown: it was made anew or taken back`
      : "the store's run has another State at the same step: it was made anew";
    findings.push(stale(found, rerun));
  }
  return findings;
}

/** Where the configurations differ, but for what the record had to change in its own. */
function configurationDifferences(record: NotebookRecord, stored: StoredRun) {
  const changed = [...record.hidden, ...record.relative];
  return experimentDifferences(configurationIn(record), stored.record.configuration)
    .filter(({ path }) => !isCovered(path, changed));
}
