import type { z } from "zod";
import { Module } from "../module/module.ts";
import type { Batch, Description, Item } from "./batch.ts";
import { digestOfSome } from "./digest.ts";
import { isNDArray } from "../module/ndarray.ts";
import { stack } from "./stack.ts";

/**
 * Items by number. One of your own overrides `size` and `get`; `gather` where it can be faster, `description` where the
 * first item doesn't tell it, `prepare` (which may be called twice) where something must be read first. It has no
 * state: what it holds follows from its options.
 *
 * @example
 * ```ts
 * import { Dataset, type Item, NDArray } from "ptutils";
 * class Squares extends Dataset {
 *   override readonly size = 100;
 *   override get(i: number): Item {
 *     this.checkIndex(i);
 *     return { input: new NDArray("float32", [1], [i]), target: i * i };
 *   }
 * }
 * const batch = new Squares().gather([2, 3]);
 * if (`${batch.target.data}` !== "4,9" || `${batch.input.shape}` !== "2,1") throw new Error("unexpected");
 * ```
 */
export abstract class Dataset<S extends z.ZodObject = z.ZodObject> extends Module<S> {
  #whole: boolean | undefined;

  /** Number of items. */
  abstract get size(): number;

  /** The i-th item; its arrays are its own. @throws {RangeError} no such item */
  abstract get(i: number): Item;

  override invoke(i: number): Item {
    return this.get(i);
  }

  /** Some items as a batch, in this order. @throws {RangeError} no such item; @throws {TypeError} items that differ */
  gather(indices: ArrayLike<number>): Batch {
    const items = Array.from(indices, (i) => this.get(i));
    const { input, target } = this.description;
    const name = (part: string) => (i: number) => `the ${part} of item ${indices[i]} of ${this.constructor.name}`;
    return {
      input: stack(items.map((item) => item.input), input, name("input")),
      target: stack(items.map((item) => item.target), target, name("target")),
      size: items.length,
      index: Uint32Array.from(indices),
    };
  }

  /** What its items look like; by default what the first one does. @throws {RangeError} no items to look at */
  get description(): Description {
    const { input, target } = this.get(0);
    checkPart(this, "input", isNDArray(input), input);
    checkPart(this, "target", isNDArray(target) || typeof target === "number", target);
    return {
      input: { shape: input.shape, dtype: input.dtype },
      target: typeof target === "number"
        ? { shape: [], dtype: this.#targetsAreWhole() ? "int32" : "float32" }
        : { shape: target.shape, dtype: target.dtype },
    };
  }

  /**
   * A sha256, in hexadecimal, by which a record tells the data again, on any machine: of its class's name, its options,
   * its size and description, and up to 256 items spread over all. Equal data have equal digests; a change between the
   * items that are looked at is not seen. One of your own that knows a better one, as the digest of its file, overrides it.
   */
  digest(): string | Promise<string> {
    return digestOfSome(this, [this.constructor.name, this.configuration.toJSON()]);
  }

  /** Whether the targets of a few items, spread over all, are whole numbers: one alone may be so by chance. */
  #targetsAreWhole(): boolean {
    if (this.#whole !== undefined) return this.#whole;
    const looks = Math.min(this.size, 32);
    const at = (i: number) => this.get(Math.floor(i * this.size / looks)).target;
    return this.#whole = Array.from({ length: looks }, (_, i) => at(i)).every((target) => Number.isInteger(target));
  }

  /** @throws {RangeError} a number that is no item's */
  protected checkIndex(i: number): void {
    if (Number.isInteger(i) && i >= 0 && i < this.size) return;
    const range = this.size === 0 ? "it has none; check its options" : `take a whole number from 0 to ${this.size - 1}`;
    throw new RangeError(`Cannot get item ${i} of ${this.constructor.name}: it has ${this.size} items; ${range}`);
  }
}

function checkPart(dataset: Dataset, part: string, fits: boolean, found: unknown): void {
  if (fits) return;
  const what = (found as object | undefined)?.constructor?.name ?? typeof found;
  const numbers = part === "target" ? "a number or an NDArray" : 'an NDArray, as new NDArray("float32", [2], [0.5, 1])';
  throw new TypeError(`Cannot use ${dataset.constructor.name}: the ${part} of item 0 is of ${what}; give ${numbers}`);
}
