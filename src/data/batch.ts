import type { DType, NDArray } from "../module/ndarray.ts";
import type { Numbers } from "./nested_numbers.ts";

/** One item of a data set. */
export interface Item {
  readonly input: NDArray;
  /** A class or another single number, or an array. */
  readonly target: number | NDArray;
}

/** An item as a source may give it: numbers in lists stand for a float32 array. */
export interface GivenItem {
  readonly input: NDArray | Numbers;
  readonly target: number | NDArray | Numbers;
}

/** Items stacked along a new first dimension. Its arrays are its own: who gets it may keep it. */
export interface Batch {
  /** Shape `[size, ...shape of one item's input]`. */
  readonly input: NDArray;
  /** Shape `[size, ...shape of one item's target]`; `[size]` where a target is a number. */
  readonly target: NDArray;
  /** Number of items. */
  readonly size: number;
  /** Which items of the data set they are. */
  readonly index: Uint32Array;
}

/**
 * In which ways the items of a data set may be asked for: `random`, any at any time; `forward`, one after another from
 * the start of each pass until they end; `endless`, one after another over all passes, for ever; `live`, as they come
 * to be, each once.
 */
export type Access = "random" | "forward" | "endless" | "live";

/** What an array of one item looks like. */
export interface ArrayDescription {
  /** `[]` for a number. */
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** What the items of a data set look like: shapes are those of one item. */
export interface Description {
  readonly input: ArrayDescription;
  /** `classes`: how many there are, where the target is one of them (0 ... classes - 1). */
  readonly target: ArrayDescription & { readonly classes?: number };
}
