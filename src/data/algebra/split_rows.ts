import { Random } from "../../module/random.ts";
import { groupPlaces } from "./merge_batches.ts";

/** The fraction of each part. */
export type Fractions = Readonly<Record<string, number>>;

/** How items are assigned to parts. */
export interface Split {
  readonly parts: Fractions;
  /** The one whose items are wanted. */
  readonly part: string;
  readonly seed: number | string;
  readonly shuffle: boolean;
}

/** The items of a part, each assigned for itself; in ascending order. */
export function splitBySize(size: number, split: Split): Uint32Array {
  return share(Array.from({ length: size }, (_, i) => i), split, "items").sort();
}

/**
 * The items of a part, so that each class is shared out as all are: within one item of its fractions, and what rounding
 * takes from one class it gives to another, so that the parts together have their sizes.
 */
export function splitByClass(classes: readonly unknown[], split: Split): Uint32Array {
  const groups = groupPlaces(classes.length, (i) => classes[i]), fractions = Object.values(split.parts);
  const lacking = fractions.map(() => 0);
  const found = [...groups].flatMap(([name, items]) => {
    let end = 0;
    const ends = portions(items.length, fractions, lacking).map((count) => end += count);
    return [...share(items, split, `class ${name}`, ends)];
  });
  return Uint32Array.from(found).sort();
}

/**
 * How many items of a class go to each part: its share, rounded up in those parts that lack most.
 *
 * @param lacking how many items each part has less than its share of the classes before; brought up to date
 */
function portions(length: number, fractions: readonly number[], lacking: number[]): number[] {
  const shares = fractions.map((fraction) => fraction * length), counts = shares.map((one) => Math.floor(one + 1e-9));
  shares.forEach((one, i) => lacking[i]! += one - counts[i]!);
  const rest = length - counts.reduce((sum, count) => sum + count, 0);
  const rounded = [...shares.keys()].filter((i) => shares[i]! > counts[i]!).sort((a, b) => lacking[b]! - lacking[a]!);
  for (const i of rounded.slice(0, rest)) {
    counts[i]!++;
    lacking[i]!--;
  }
  return counts;
}

/** The items of a part, those with the same key together: each key is assigned by itself, however many there are. */
export function splitByKey(keys: readonly unknown[], split: Split): Uint32Array {
  const { parts, part, seed } = split, names = Object.keys(parts), ends = boundaries(Object.values(parts), 1);
  const partOf = (key: unknown) => {
    const at = new Random(seed, `key ${typeof key} ${key}`).uniform();
    const found = ends.findIndex((end) => at < end);
    return names[found < 0 ? names.length - 1 : found];
  };
  const assigned = new Map([...new Set(keys)].map((key) => [key, partOf(key)]));
  return Uint32Array.from(keys.keys()).filter((i) => assigned.get(keys[i]) === part);
}

/** The part of some items: of the whole, cut where the parts end, by default at the rounded fractions. */
function share(
  items: readonly number[],
  { parts, part, seed, shuffle }: Split,
  name: string,
  ends: readonly number[] = boundaries(Object.values(parts), items.length).map(Math.round),
): Uint32Array {
  const order = shuffle ? new Random(seed, name).permutation(items.length) : Uint32Array.from(items.keys());
  const at = Object.keys(parts).indexOf(part);
  return order.slice(ends[at - 1] ?? 0, at === ends.length - 1 ? items.length : ends[at]).map((i) => items[i]!);
}

/** Where each part ends. */
function boundaries(fractions: readonly number[], whole: number): number[] {
  let sum = 0;
  return fractions.map((fraction) => (sum += fraction) * whole);
}
