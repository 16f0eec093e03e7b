import { formatLine } from "./journal_line.ts";
import type { Run } from "../run/run_record.ts";

/** How far two journals go, and how far they are the same. */
export interface Comparison {
  /** The last sequence number up to which they are the same; 0 when they differ from the first entry on. */
  readonly common: number;
  /** Whether the first, and the second, has entries after that. */
  readonly beyond: readonly [first: boolean, second: boolean];
}

/** Reads two journals side by side, until they differ or end. */
export async function compareJournals(first: Run, second: Run): Promise<Comparison> {
  const iterators = [first, second].map((run) => run.entries()[Symbol.asyncIterator]());
  let common = 0;
  try {
    while (true) {
      const [a, b] = await Promise.all(iterators.map((iterator) => iterator.next()));
      if (a!.done || b!.done) return { common, beyond: [!a!.done, !b!.done] };
      if (formatLine(a!.value) !== formatLine(b!.value)) return { common, beyond: [true, true] };
      common = a!.value.sequence;
    }
  } finally {
    await Promise.all(iterators.map((iterator) => iterator.return?.()));
  }
}
