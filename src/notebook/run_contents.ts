import { access } from "node:fs/promises";
import { History } from "../module/history.ts";
import { State } from "../module/state.ts";
import { decodeValue, type Json } from "../module/value.ts";
import type { NotebookRecord } from "./record_schema.ts";
import { restoreHistory } from "./reduced_history.ts";
import type { StoredRun } from "./stored_run.ts";
import { extractWeights, weightsPath } from "./weights.ts";

/** From where a run's weights come. */
export type Where = "store" | "file" | "notebook" | "nowhere";

/** The weights of a run, and what was found amiss on the way to them. */
export interface FoundWeights {
  readonly where: Where;
  readonly weights: State | undefined;
  readonly warnings: readonly string[];
}

/** The whole History, where the store has it up to where the record ends; else the reduced one. */
export function historyOf(record: NotebookRecord, stored: StoredRun | undefined): History {
  const reduced = restoreHistory(record.history);
  const { statistics } = record.counts;
  if (stored === undefined || stored.history.length < statistics) return reduced;
  const whole = stored.history.slice(statistics);
  return isShown(whole, record) ? whole : reduced;
}

/** Whether a History ends as a record's does: each series with the same value at the same step. */
export function isShown(history: History, { series }: NotebookRecord): boolean {
  return Object.entries(series).every(([name, { last }]) => {
    const found = history.last(name);
    return found?.step === last.step && Object.is(found.value, decodeValue(last.value as Json));
  });
}

/**
 * The weights that the record tells of: from the store's checkpoint, the notebook or the file beside it. Where none of
 * them are, those of the store's run, which is another or a later one then.
 */
export async function findWeights(
  notebook: string,
  record: NotebookRecord,
  stored: StoredRun | undefined,
): Promise<FoundWeights> {
  const { digests, weights, id } = record;
  const warnings: string[] = [];
  const isIt = (digest: string) => digest === digests.state || digest === digests.checkpoint;
  if (stored?.digest !== undefined && isIt(stored.digest) && stored.checkpoint!.step <= record.counts.steps) {
    if (stored.checkpoint!.step < record.counts.steps) warnings.push(earlier(stored, record));
    return { where: "store", weights: stored.state, warnings };
  }
  const look = async (
    where: Where,
    what: string,
    read: () => State | Promise<State>,
  ): Promise<FoundWeights | undefined> => {
    try {
      const state = await read();
      if (isIt(state.digest())) return { where, weights: state, warnings };
      warnings.push(`the weights in ${what} are not those of this run: their digest is another`);
    } catch (error) {
      warnings.push(`the weights in ${what} can't be read: ${(error as Error).message}`);
    }
  };
  const path = weightsPath(notebook, id);
  const embedded = weights !== null && "base64" in weights ? weights : undefined;
  const found = (embedded && await look("notebook", "the notebook", () => extractWeights(embedded))) ??
    (await exists(path) ? await look("file", `"${path}"`, () => State.read(path)) : undefined);
  if (found !== undefined) return found;
  if (stored?.state === undefined) return { where: "nowhere", weights: undefined, warnings };
  const { step } = stored.checkpoint!;
  warnings.push(
    step < record.counts.steps
      ? earlier(stored, record)
      : "the store's run is not as the notebook shows it: it has gone on, or was made anew",
  );
  return { where: "store", weights: stored.state, warnings };
}

const earlier = ({ checkpoint }: StoredRun, { counts }: NotebookRecord): string =>
  `the weights are of step ${checkpoint!.step}, the last that was saved; the notebook shows ${counts.steps} steps`;

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false);
