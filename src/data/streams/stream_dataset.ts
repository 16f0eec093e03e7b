import type { z } from "zod";
import { isNDArray, NDArray } from "../../module/ndarray.ts";
import { isRecord } from "../../module/value.ts";
import type { Description, Item } from "../batch.ts";
import { copyOf } from "../algebra/copy_of.ts";
import { Dataset } from "../dataset.ts";
import { digestOver } from "../algebra/digest_over.ts";
import { nestedNumbers } from "../nested_numbers.ts";

/**
 * A data set whose items come one after another, from a source that nobody knows the size of. Its first items are
 * looked at to know what all look like.
 */
export abstract class StreamDataset<S extends z.ZodObject = z.ZodObject> extends Dataset<S> {
  /** The first items, once they are known. */
  protected abstract get first(): readonly Item[];

  override get size(): number {
    return Infinity;
  }

  /** One of the first items, if it was looked at. @throws {TypeError} any other: items come one after another */
  override get(i: number): Item {
    this.checkIndex(i);
    const item = this.first[i];
    if (item !== undefined) return copyOf(item);
    const mend = this.first.length === 0 && i === 0
      ? "await its prepare() first"
      : "iterate over it by a DataLoader, or keep its items: new CacheDataset({ dataset: new TakeDataset({ dataset, count }) })";
    throw new TypeError(
      `Cannot get item ${i} of ${this.constructor.name}: its items come one after another; ${mend}`,
    );
  }

  /** Of its class and its options: what comes can't be known before. */
  override digest(): string | Promise<string> {
    return digestOver(this, []);
  }

  abstract override items(indices: ArrayLike<number>, pass?: number): Promise<Item[]>;

  override get description(): Description {
    const { input, target } = this.look(), { classes } = this.options as { classes?: number };
    return classes === undefined ? { input, target } : { input, target: { shape: [], dtype: "int32", classes } };
  }
}

/**
 * What a source gave as its i-th item; numbers in lists become float32 arrays.
 *
 * @throws {TypeError} what is no item
 */
export function checkItem(dataset: Dataset, item: unknown, i: number): Item {
  const { input, target } = isRecord(item) ? item : {} as Record<string, unknown>;
  if (isNDArray(input) && (typeof target === "number" || isNDArray(target))) return item as unknown as Item;
  const arrays = { input: arrayOf(input), target: typeof target === "number" ? target : arrayOf(target) };
  if (isNDArray(arrays.input) && arrays.target !== undefined) return arrays as Item;
  const what = isRecord(item) ? `a record of ${kindsIn(item)}` : kindOf(item);
  throw new TypeError(
    `Cannot use ${dataset.constructor.name}: its source gave ${what} as item ${i}; give { input, target }, an NDArray and a number or an NDArray`,
  );
}

function arrayOf(value: unknown): NDArray | undefined {
  if (isNDArray(value)) return value;
  const lists = nestedNumbers(value);
  return lists && new NDArray("float32", lists.shape, lists.numbers);
}

const kindOf = (value: unknown): string => (value as object | undefined)?.constructor?.name ?? typeof value;

const kindsIn = (item: Readonly<Record<string, unknown>>): string =>
  Object.entries(item).slice(0, 12).map(([key, value]) => `${key} (${kindOf(value)})`).join(", ");
