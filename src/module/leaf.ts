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
  /** The shape of what it holds, if that is a tensor. */
  readonly shape?: readonly number[];
  /** Draws its randomness from this seed and its path from now on. */
  seed?(seed: number | string, path: string): void;
}

/** Leaves in a record or an array, at any depth. */
export type LeafGroup = { readonly [key: string]: Leaf | LeafGroup } | readonly (Leaf | LeafGroup)[];

/** Make leaves of objects that are none by themselves; a room that knows a library's tensors adds itself here. */
export const leafAdapters: ((value: object) => Leaf | undefined)[] = [];

/** The leaf that a value is, or stands for; undefined for any other value. */
export function leafOf(value: unknown): Leaf | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (leafBrand in value) return value as Leaf;
  for (const adapt of leafAdapters) {
    const leaf = adapt(value);
    if (leaf !== undefined) return leaf;
  }
}

/** Whether a value is, or stands for, a {@linkcode Leaf}. */
export const isLeaf = (value: unknown): boolean => leafOf(value) !== undefined;

/** The leaves in a field with their dotted names below it; the leaf itself has the empty name. */
export function* leavesIn(value: unknown, name = ""): Generator<[name: string, leaf: Leaf]> {
  const leaf = leafOf(value);
  if (leaf !== undefined) yield [name, leaf];
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
