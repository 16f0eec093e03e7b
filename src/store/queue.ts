/** Runs pieces of asynchronous work one after the other; one that fails doesn't stop the next. */
export class Queue {
  #tail: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => {});
    return result;
  }
}

/** Maps a list with at most `width` of the calls going on at once; all have ended when it rejects. */
export async function mapParallel<A, B>(
  items: readonly A[],
  width: number,
  map: (item: A) => Promise<B>,
): Promise<B[]> {
  const results: B[] = new Array(items.length);
  const failures: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length && failures.length === 0) {
      const i = next++;
      await map(items[i]!).then((result) => results[i] = result, (error) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
