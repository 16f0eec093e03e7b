import type { z } from "zod";
import { after } from "../after.ts";
import type { Batch, Item } from "../batch.ts";
import { WrappedDataset } from "./wrapped_dataset.ts";

/** A data set whose items are some of another one's, in an order of its own. */
export abstract class ViewDataset<S extends z.ZodObject = z.ZodObject> extends WrappedDataset<S> {
  /** For a pass, what tells which item of `dataset` each of its own is. */
  protected abstract route(pass: number): (i: number) => number;

  override get(i: number, pass = 0): Item {
    this.checkIndex(i);
    return this.dataset.get(this.route(pass)(i), pass);
  }

  override items(indices: ArrayLike<number>, pass = 0): Item[] | Promise<Item[]> {
    return this.dataset.items(this.#places(indices, pass), pass);
  }

  override gather(indices: ArrayLike<number>, pass = 0): Batch | Promise<Batch> {
    return after(this.dataset.gather(this.#places(indices, pass), pass), (batch) => numbered(batch, indices));
  }

  #places(indices: ArrayLike<number>, pass: number): number[] {
    this.checkIndices(indices);
    return Array.from(indices, this.route(pass));
  }
}

/** A batch under the numbers that its items have here; there may be fewer items than numbers. */
export const numbered = (batch: Batch, indices: ArrayLike<number>): Batch => ({
  ...batch,
  index: Uint32Array.from({ length: batch.size }, (_, i) => indices[i]!),
});
