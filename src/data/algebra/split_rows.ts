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

/** The items of a part, each class shared out by itself. */
export function splitByClass(classes: readonly unknown[], split: Split): Uint32Array {
  const groups = groupPlaces(classes.length, (i) => classes[i]);
  const found = [...groups].flatMap(([name, items]) => [...share(items, split, `class ${name}`)]);
  return Uint32Array.from(found).sort();
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

/** The part of some items: of the whole, cut at the rounded fractions. */
function share(items: readonly number[], { parts, part, seed, shuffle }: Split, name: string): Uint32Array {
  const order = shuffle ? new Random(seed, name).permutation(items.length) : Uint32Array.from(items.keys());
  const ends = boundaries(Object.values(parts), items.length).map(Math.round);
  const at = Object.keys(parts).indexOf(part);
  return order.slice(ends[at - 1] ?? 0, at === ends.length - 1 ? items.length : ends[at]).map((i) => items[i]!);
}

/** Where each part ends. */
function boundaries(fractions: readonly number[], whole: number): number[] {
  let sum = 0;
  return fractions.map((fraction) => (sum += fraction) * whole);
}
