import { z } from "zod";
import { isNDArray, type NDArray } from "../../module/ndarray.ts";
import { after } from "../after.ts";
import type { ArrayDescription, Batch, Description, Item } from "../batch.ts";
import { stack } from "../stack.ts";
import { source, WrappedDataset } from "./wrapped_dataset.ts";

const schema = z.strictObject({
  ...source,
  /** How many items make one. */
  batchSize: z.int().positive(),
});

/**
 * Groups of items that follow one another, each as one item with a first dimension more: windows of a sequence, sets
 * that belong together. Items at the end that fill no group are left out. To train on batches there is no need for it:
 * a DataLoader makes them.
 *
 * @example
 * ```ts
 * import { BatchDataset, Digits } from "ptutils";
 * const groups = new BatchDataset({ dataset: new Digits(), batchSize: 100 });
 * if (groups.size !== 14 || `${groups(0).input.shape}` !== "100,8,8,1") throw new Error("unexpected");
 * ```
 */
export class BatchDataset extends WrappedDataset<typeof schema> {
  static override schema: z.ZodObject = schema;

  override get size(): number {
    return Math.floor(this.dataset.size / this.options.batchSize);
  }

  override get(i: number, pass = 0): Item {
    this.checkIndex(i);
    return this.#group(this.#below([i]).map((below) => this.dataset.get(below, pass)));
  }

  override items(indices: ArrayLike<number>, pass = 0): Item[] | Promise<Item[]> {
    const { batchSize: count } = this.options;
    return after(this.dataset.items(this.#below(indices), pass), (items) => {
      const groups = Math.floor(items.length / count);
      return Array.from({ length: groups }, (_, i) => this.#group(items.slice(i * count, (i + 1) * count)));
    });
  }

  override gather(indices: ArrayLike<number>, pass = 0): Batch | Promise<Batch> {
    const { batchSize: count } = this.options;
    return after(this.dataset.gather(this.#below(indices), pass), ({ input, target, size }) => {
      const groups = Math.floor(size / count);
      const index = Uint32Array.from({ length: groups }, (_, i) => indices[i]!);
      return { input: grouped(input, groups, count), target: grouped(target, groups, count), size: groups, index };
    });
  }

  override get description(): Description {
    const { input, target } = this.dataset.description, { batchSize: count } = this.options;
    const more = ({ shape, dtype }: ArrayDescription) => ({ shape: [count, ...shape], dtype });
    return { input: more(input), target: more(target) };
  }

  /** The items of `dataset` in some groups. */
  #below(indices: ArrayLike<number>): number[] {
    this.checkIndices(indices);
    const { batchSize: count } = this.options;
    return Array.from(
      { length: indices.length * count },
      (_, n) => indices[Math.floor(n / count)]! * count + n % count,
    );
  }

  #group(items: readonly Item[]): Item {
    const { input, target } = this.dataset.description;
    const name = (part: string) => (i: number) => `the ${part} of item ${i} of a group of ${this.constructor.name}`;
    const stacked = (parts: readonly (number | NDArray)[], look: ArrayDescription, part: string) =>
      stack(parts, isNDArray(parts[0]) ? parts[0] : look, name(part));
    return {
      input: stacked(items.map((item) => item.input), input, "input"),
      target: stacked(items.map((item) => item.target), target, "target"),
    };
  }
}

/** The same rows, so many in each group. */
function grouped(rows: NDArray, groups: number, count: number): NDArray {
  const [size = 0, ...shape] = rows.shape, wanted = [groups, count, ...shape];
  if (size === groups * count) return rows.reshape(wanted);
  const width = rows.size / size;
  const whole = rows.data.subarray(0, groups * count * width) as typeof rows.data;
  return new (rows.constructor as typeof NDArray)(rows.dtype, wanted, whole);
}
