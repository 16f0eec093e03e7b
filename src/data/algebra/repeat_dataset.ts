import { z } from "zod";
import type { Batch, Item } from "../batch.ts";
import { gatherParts, itemsOfParts, type Place } from "./gather_parts.ts";
import { needsSize } from "./needs_size.ts";
import { source, WrappedDataset } from "./wrapped_dataset.ts";

const schema = z.strictObject({
  ...source,
  /** How many times. */
  count: z.int().positive(),
});

/**
 * A data set several times, one after another, as one. Each time counts as a pass below it: what is random there is
 * drawn anew.
 *
 * @example
 * ```ts
 * import { Digits, RepeatDataset } from "ptutils";
 * const twice = new RepeatDataset({ dataset: new Digits(), count: 2 });
 * if (twice.size !== 2884 || twice(1442).target !== twice(0).target) throw new Error("unexpected");
 * ```
 */
export class RepeatDataset extends WrappedDataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  static instead: Readonly<Record<string, string>> = { times: "count" };

  override async prepare(): Promise<void> {
    await super.prepare();
    needsSize(this, this.dataset);
  }

  override get size(): number {
    return this.dataset.size * this.options.count;
  }

  override get(i: number, pass = 0): Item {
    const { dataset, index, pass: below } = this.#places([i], pass)[0]!;
    return dataset.get(index, below);
  }

  override items(indices: ArrayLike<number>, pass = 0): Item[] | Promise<Item[]> {
    return itemsOfParts(this.#places(indices, pass));
  }

  override gather(indices: ArrayLike<number>, pass = 0): Batch | Promise<Batch> {
    const places = this.#places(indices, pass);
    return places.length === 0 ? this.dataset.gather([], pass) : gatherParts(places, indices);
  }

  #places(indices: ArrayLike<number>, pass: number): Place[] {
    this.checkIndices(indices);
    const { dataset, options: { count } } = this, { size } = dataset, name = dataset.constructor.name;
    return Array.from(indices, (i) => {
      const time = Math.floor(i / size);
      return { dataset, name, index: i - time * size, pass: pass * count + time };
    });
  }
}
