import { z } from "zod";
import { slot } from "../../module/slot.ts";
import { accessOver } from "./access_over.ts";
import type { Access, Batch, Description, Item } from "../batch.ts";
import { Dataset } from "../dataset.ts";
import { commonDescription } from "./common_description.ts";
import { digestOver } from "./digest_over.ts";
import { gatherParts, itemsOfParts, type Place } from "./gather_parts.ts";

const schema = z.strictObject({
  /** The data sets, in their order. */
  datasets: z.array(slot(Dataset)).min(1),
});

/**
 * Data sets one after another, as one.
 *
 * @example
 * ```ts
 * import { ConcatenateDataset, Digits } from "ptutils";
 * const all = new ConcatenateDataset({ datasets: [new Digits({ split: "train" }), new Digits({ split: "test" })] });
 * if (all.size !== 1797 || all(1442).target !== new Digits({ split: "test" })(0).target) throw new Error("unexpected");
 * ```
 */
export class ConcatenateDataset extends Dataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  datasets: Dataset[] = this.options.datasets.map((part) => part.build());

  /** @throws {RangeError} one without an end that isn't the last; @throws {TypeError} items that differ */
  override async prepare(): Promise<void> {
    await Promise.all(this.datasets.map((dataset) => dataset.prepare()));
    const endless = this.datasets.findIndex(({ size }) => size === Infinity);
    if (endless >= 0 && endless < this.datasets.length - 1) {
      throw new RangeError(
        `Cannot concatenate: nobody knows where ${
          this.#name(endless)
        } ends; put it last, or take a number of its items (TakeDataset)`,
      );
    }
    void this.description;
  }

  override get size(): number {
    return this.datasets.reduce((sum, { size }) => sum + size, 0);
  }

  override get access(): Access {
    return accessOver(this.datasets, this.size);
  }

  override get description(): Description {
    return commonDescription("concatenate", this.datasets.map((dataset, i) => [this.#name(i), dataset]));
  }

  override digest(): Promise<string> {
    return digestOver(this, this.datasets);
  }

  override get(i: number, pass = 0): Item {
    const { dataset, index } = this.#places([i], pass)[0]!;
    return dataset.get(index, pass);
  }

  override items(indices: ArrayLike<number>, pass = 0): Item[] | Promise<Item[]> {
    return itemsOfParts(this.#places(indices, pass));
  }

  override gather(indices: ArrayLike<number>, pass = 0): Batch | Promise<Batch> {
    const places = this.#places(indices, pass);
    return places.length === 0 ? this.datasets[0]!.gather([], pass) : gatherParts(places, indices);
  }

  #places(indices: ArrayLike<number>, pass: number): Place[] {
    this.checkIndices(indices);
    const ends: number[] = [];
    for (const { size } of this.datasets) ends.push((ends.at(-1) ?? 0) + size);
    return Array.from(indices, (i) => {
      const part = ends.findIndex((end) => i < end), dataset = this.datasets[part]!;
      return { dataset, name: this.#name(part), index: i - (ends[part - 1] ?? 0), pass };
    });
  }

  #name(part: number): string {
    return `datasets.${part} (${this.datasets[part]!.constructor.name})`;
  }
}
