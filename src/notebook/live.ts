/** Something that is drawn while it changes. */
export interface Live {
  /** Looks whether it has ended, and if so begins to draw it for the last time. */
  look(): Promise<void>;
}

/** Weakly: what nobody can change any more is of no interest. */
const open = new Set<WeakRef<Live>>();
const works = new Set<Promise<unknown>>();

/** Notes that something is drawn while it changes; gives back what ends that. */
export function follow(live: Live): () => void {
  const reference = new WeakRef(live);
  open.add(reference);
  return () => open.delete(reference);
}

/** Notes that something is being drawn for the last time: the cell that runs now ends after it. */
export function finish(work: Promise<unknown>): void {
  const quiet = work.catch(() => {}).finally(() => works.delete(quiet));
  works.add(quiet);
}

/** Waits until everything that has ended is drawn for the last time. */
export async function finished(): Promise<void> {
  await Promise.all([...open].map((reference) => {
    const live = reference.deref();
    if (live === undefined) open.delete(reference);
    return live?.look();
  }));
  while (works.size > 0) await Promise.all(works);
}
