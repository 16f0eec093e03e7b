import type { Run } from "../store/run/run_record.ts";
import { asksToPause } from "../store/mirror/unreached.ts";

/** What went wrong when a run's end was written. */
export interface EndFaults {
  /** Why its last checkpoint could not be saved. */
  readonly checkpoint: Error | undefined;
  /** What else of it could not be written. */
  readonly others: readonly string[];
}

/** Whether a store's complaint means that a checkpoint is lost with this process, and not only late somewhere else. */
export const isUnsaved = (failure: Error | undefined): boolean => failure !== undefined && !asksToPause(failure);

/** What of a run that has ended is in memory only, in words; undefined where the store has all. */
export function unsavedOf({ checkpoint, others }: EndFaults, savedStep: number | undefined): string | undefined {
  const steps = savedStep === undefined ? "all steps" : `the steps after ${savedStep}`;
  const lacks = isUnsaved(checkpoint) ? [`${steps}, for the last checkpoint could not be saved`, ...others] : others;
  return lacks.length === 0 ? undefined : lacks.join("; ");
}

/** The step of the newest checkpoint that is safe; undefined where there is none. */
export async function savedStepOf(run: Run): Promise<number | undefined> {
  return (await run.checkpoints().catch(() => [])).at(-1)?.step;
}
