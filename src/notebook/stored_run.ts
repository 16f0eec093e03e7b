import { type State, valueToState } from "../module/state.ts";
import { isRecord, type Value } from "../module/value.ts";
import type { History } from "../module/history.ts";
import { findRun, type FoundRun, historyOf } from "../session/found_run.ts";
import type { DBInterface } from "../store/db_interface.ts";

/** What a store has of a run, at its latest good checkpoint. */
export interface StoredRun extends FoundRun {
  /** The State in the checkpoint, and its digest; undefined when there is no good one. */
  readonly state: State | undefined;
  readonly digest: string | undefined;
  /** Modules that took another's place, up to the checkpoint. */
  readonly replaced: Readonly<Record<string, string>>;
}

/** Reads a run without changing anything; undefined when the store doesn't have it. */
export async function readStored(db: DBInterface, id: string): Promise<StoredRun | undefined> {
  const found = await findRun(db, id);
  if (found === undefined) return undefined;
  const tree = found.checkpoint?.tree;
  const state = isRecord(tree) && tree.state !== undefined ? valueToState(tree.state as Value) : undefined;
  return {
    ...found,
    state,
    digest: state?.digest(),
    replaced: (found.checkpoint?.modules ?? {}) as StoredRun["replaced"],
  };
}

/** All Statistics in a run's journal, those after its latest checkpoint too. */
export async function wholeHistory(db: DBInterface, id: string): Promise<History> {
  const run = await db.runs.open(id, { readonly: true });
  try {
    return await historyOf(run, Infinity);
  } finally {
    await run.close();
  }
}
