/** Something that is drawn while it changes. */
export interface Live {
  /** Looks whether it has ended, and if so begins to draw it for the last time. */
  look(): Promise<void>;
}

const open = new Set<Live>();
const works = new Set<Promise<unknown>>();

/** Notes that something is drawn while it changes; gives back what ends that. */
export function follow(live: Live): () => void {
  open.add(live);
  return () => open.delete(live);
}

/** Notes that something is being drawn for the last time: the cell that runs now ends after it. */
export function finish(work: Promise<unknown>): void {
  const quiet = work.catch(() => {}).finally(() => works.delete(quiet));
  works.add(quiet);
}

/** Waits until everything that has ended is drawn for the last time. */
export async function finished(): Promise<void> {
  await Promise.all([...open].map((live) => live.look()));
  while (works.size > 0) await Promise.all(works);
}
