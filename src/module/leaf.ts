import { join } from "./path.ts";
import { isRecord, type Value } from "./value.ts";

/** Marks a {@linkcode Leaf}, also one of a class loaded a second time. */
export const leafBrand: unique symbol = Symbol.for("ptutils.leaf") as never;

/**
 * An object that a public field of a Module may hold and that is state by itself: a tensor's variable, a random stream.
 * It is read into a Value when the state is taken, and written back in place when a state is loaded.
 */
export interface Leaf {
  readonly [leafBrand]: true;
  /** Its value now, as a copy. A promise only where the value can't be had at once (tensors on a GPU). */
  read(): Value | Promise<Value>;
  /** What a value must be to be written here, in words, when `value` is not that; undefined when it fits. */
  check(value: Value): string | undefined;
  write(value: Value): void;
  /** How many numbers it holds that are learnt. */
  readonly parameters?: number;
  /** Draws its randomness from this seed and its path from now on. */
  seed?(seed: number | string, path: string): void;
}

/** Leaves in a record or an array, at any depth. */
export type LeafGroup = { readonly [key: string]: Leaf | LeafGroup } | readonly (Leaf | LeafGroup)[];

/** Whether a value is a {@linkcode Leaf}. */
export const isLeaf = (value: unknown): value is Leaf =>
  typeof value === "object" && value !== null && leafBrand in value;

/** The leaves in a field with their dotted names below it; the leaf itself has the empty name. */
export function* leavesIn(value: unknown, name = ""): Generator<[name: string, leaf: Leaf]> {
  if (isLeaf(value)) yield [name, value];
  else if (isLeafGroup(value)) {
    for (const [key, item] of Object.entries(value)) yield* leavesIn(item, join(name, key));
  }
}

/** Whether this is an array or a record of leaves, at any depth. */
export function isLeafGroup(value: unknown): value is LeafGroup {
  if (!Array.isArray(value) && !isRecord(value)) return false;
  const items = Object.values(value);
  return items.length > 0 && items.every((item) => isLeaf(item) || isLeafGroup(item));
}
