import type { Batch } from "../data/batch.ts";

type Batches = AsyncIterable<Batch> | Iterable<Batch>;

/** Whether an iteration goes on by itself where it was broken off. */
export const isResumable = (batches: Batches): boolean => (batches as { resumable?: boolean }).resumable === true;

/**
 * The batches of an epoch that was broken off, from the first that was not used. An iteration that goes on where it was
 * by itself (`resumable`, as a DataLoader's) is taken as it is; any other is begun anew and the used batches are drawn
 * and let go: it must give the same again, as everything does that follows the seed.
 */
export async function* replay(batches: Batches, used: number, rewind: () => void): AsyncGenerator<Batch> {
  if (isResumable(batches)) {
    yield* batches;
    return;
  }
  rewind();
  let drawn = 0;
  for await (const batch of batches) if (drawn++ >= used) yield batch;
}
