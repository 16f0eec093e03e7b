import type { Batch } from "../data/batch.ts";
import { isResumable, replay } from "./replay.ts";
import type { Experiment, Work } from "./work.ts";

/** Where an epoch stands. */
interface Place {
  /** Whether some of its batches may have been used. */
  readonly begun: boolean;
  /** The pass that it begins with. */
  readonly pass: number;
  /** How many batches are used now. */
  used(): number;
}

/**
 * The batches of an epoch that are not used yet. Where something was assigned that an iteration doesn't follow, it is
 * begun again where it stands, as one that was broken off is: so both give the same.
 */
export async function* epochBatches(
  work: Work,
  phase: string,
  experiment: Experiment,
  { begun, pass, used }: Place,
): AsyncGenerator<Batch> {
  let renewed: boolean | undefined = true;
  await work.renewed?.(true); // what was assigned before, it begins with
  for (let again = begun; renewed; again = true) {
    const batches = work.provide(phase, experiment), resumable = isResumable(batches);
    renewed = false;
    for await (const batch of again ? replay(batches, used(), () => work.rewind(pass)) : batches) {
      yield batch;
      const found = work.renewed?.(resumable);
      renewed = found instanceof Promise ? await found : found;
      if (renewed) break;
    }
  }
}
