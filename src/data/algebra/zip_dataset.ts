import { z } from "zod";
import { slot } from "../../module/slot.ts";
import { accessOver } from "./access_over.ts";
import { afterAll } from "../after.ts";
import type { Access, Batch, Description, Item } from "../batch.ts";
import { Dataset } from "../dataset.ts";
import { digestOver } from "./digest_over.ts";
import { functionOf, functionOption } from "./held_function.ts";
import { numbered } from "./view_dataset.ts";

/** Makes one item of those of each data set that have the same number. */
export type Combine = (...items: Item[]) => Item;

const schema = z.strictObject({
  /** The data sets, side by side. */
  datasets: z.array(slot(Dataset)).min(2),
  /** What of the last one becomes the target: its targets, or its inputs, as for a net that is to restore pictures. */
  target: z.enum(["target", "input"]).default("target"),
  /** Makes one item of several; a class of your own overrides the method of this name instead. */
  combine: functionOption<Combine>("a function of items").optional(),
});

/**
 * Data sets side by side: the i-th item has the input of the first one's and the target of the last one's, or what
 * `combine` makes of all of them. It is as long as the shortest.
 *
 * @example
 * ```ts
 * import { Digits, ZipDataset } from "ptutils";
 * const same = new ZipDataset({ datasets: [new Digits(), new Digits()], target: "input" });
 * if (`${same.description.target.shape}` !== "8,8,1") throw new Error("unexpected");
 * ```
 */
export class ZipDataset extends Dataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  datasets: Dataset[] = this.options.datasets.map((part) => part.build());
  readonly #combine = this.options.combine && functionOf(this.options.combine) as Combine;

  override async prepare(): Promise<void> {
    await Promise.all(this.datasets.map((dataset) => dataset.prepare()));
    if (!this.#plain) await this.lookAhead();
  }

  override get size(): number {
    return Math.min(...this.datasets.map(({ size }) => size));
  }

  override get access(): Access {
    return accessOver(this.datasets, this.size);
  }

  override digest(): Promise<string> {
    return digestOver(this, this.datasets);
  }

  /** Makes one item of several. */
  combine(...items: Item[]): Item {
    if (this.#combine !== undefined) return this.#combine(...items);
    return { input: items[0]!.input, target: items.at(-1)![this.options.target] };
  }

  override get(i: number, pass = 0): Item {
    this.checkIndex(i);
    return this.combine(...this.datasets.map((dataset) => dataset.get(i, pass)));
  }

  override items(indices: ArrayLike<number>, pass = 0): Item[] | Promise<Item[]> {
    this.checkIndices(indices);
    return afterAll(this.datasets.map((dataset) => dataset.items(indices, pass)), (lists) => {
      const length = Math.min(...lists.map((list) => list.length));
      return Array.from({ length }, (_, i) => this.combine(...lists.map((list) => list[i]!)));
    });
  }

  override gather(indices: ArrayLike<number>, pass = 0): Batch | Promise<Batch> {
    // Those that end when they end may do so at different items: they are put together one by one.
    if (!this.#plain || this.access !== "random") return super.gather(indices, pass);
    this.checkIndices(indices);
    return afterAll(
      [this.datasets[0]!.gather(indices, pass), this.datasets.at(-1)!.gather(indices, pass)],
      (batches) => {
        const [first, last] = batches as [Batch, Batch];
        // One that ended earlier than the other: what has no counterpart is not there.
        if (first.size !== last.size) return this.gather(indices, pass) as Batch;
        return numbered({ ...first, target: last[this.options.target] }, indices);
      },
    );
  }

  override get description(): Description {
    if (!this.#plain) return super.description;
    const first = this.datasets[0]!.description, last = this.datasets.at(-1)!.description;
    return { input: first.input, target: last[this.options.target] };
  }

  /** Whether nobody has said how items are combined. */
  get #plain(): boolean {
    return this.#combine === undefined && this.combine === ZipDataset.prototype.combine;
  }
}
