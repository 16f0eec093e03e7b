import { z } from "zod";
import { arrayOf, arrayOption, type HeldArray } from "./held_array.ts";
import { ViewDataset } from "./view_dataset.ts";
import { source } from "./wrapped_dataset.ts";

const schema = z.strictObject({
  ...source,
  /** The numbers of its items, in the order that they are to have; one may come more than once. */
  indices: z.union([z.array(z.int().nonnegative()), arrayOption]),
});

/**
 * Chosen items of a data set. Many numbers are better given as a typed array's NDArray, which stands in the
 * configuration as its digest.
 *
 * @example
 * ```ts
 * import { Digits, SubsetDataset } from "ptutils";
 * const three = new SubsetDataset({ dataset: new Digits(), indices: [7, 0, 7] });
 * if (three.size !== 3 || three(1).target !== new Digits()(0).target) throw new Error("unexpected");
 * ```
 */
export class SubsetDataset extends ViewDataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  readonly #indices: ArrayLike<number> = listOf(this.options.indices);

  /** @throws {RangeError} a number that is no item's */
  override async prepare(): Promise<void> {
    await super.prepare();
    const { size } = this.dataset;
    for (let i = 0; i < this.#indices.length; i++) {
      const index = this.#indices[i]!;
      if (Number.isInteger(index) && index >= 0 && index < size) continue;
      throw new RangeError(
        `Cannot select item ${index} for ${this.constructor.name}: ${this.dataset.constructor.name} has ${size} items; check indices[${i}]`,
      );
    }
  }

  override get size(): number {
    return this.#indices.length;
  }

  protected override route(): (i: number) => number {
    return (i) => this.#indices[i]!;
  }
}

function listOf(indices: readonly number[] | string | HeldArray): ArrayLike<number> {
  if (Array.isArray(indices)) return indices;
  const array = typeof indices === "string" ? undefined : arrayOf(indices as HeldArray);
  if (array !== undefined && array.shape.length === 1 && /^u?int(8|16|32)$/.test(array.dtype)) {
    return array.data as ArrayLike<number>;
  }
  const found = typeof indices === "string" ? `"${indices}"` : `an array of ${array?.dtype} [${array?.shape}]`;
  throw new TypeError(`Cannot select by indices: found ${found}; give a list of numbers, or an NDArray of int32`);
}
