import type { Machine } from "./kernel.ts";

type Part = readonly [first: number, count: number];

/** The most parts of a sum over images, and the multiplications from which on it has parts. */
const most = 8, worthwhile = 4_000_000;

/** The parts of so many things, as equal as can be. */
export function partsOf(things: number, count: number): Part[] {
  const starts = Array.from({ length: count + 1 }, (_, i) => Math.floor(i * things / count));
  return starts.slice(1).map((end, i) => [starts[i]!, end - starts[i]!]);
}

/**
 * The parts of a sum over images. They follow from the sizes alone, never from the number of threads: where a sum is
 * parted is in its last bits.
 */
export function imageParts(images: number, multiplications: number): Part[] {
  return partsOf(images, multiplications < worthwhile ? 1 : Math.max(1, Math.min(most, images)));
}

/** Makes each part's sum of so many numbers at a place of its own, and all of them together at `to`. */
export function sumParts(
  { heap, native }: Machine,
  parts: readonly Part[],
  to: number,
  numbers: number,
  work: (places: number[]) => void,
): void {
  heap.scratches(parts.slice(1).map(() => 4 * numbers), (places) => {
    work([to, ...places]);
    for (const place of places) native.addInto!(to, place, numbers);
  });
}
