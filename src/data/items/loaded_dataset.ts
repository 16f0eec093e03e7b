import type { z } from "zod";
import type { Batch, Description, Item } from "../batch.ts";
import { Dataset } from "../dataset.ts";
import { digestOfAll } from "../digest.ts";
import type { KeptItems } from "./item_keeper.ts";

/** A data set whose items are all read by `prepare()`, and kept: in memory, or a temporary file where they are large. */
export abstract class LoadedDataset<S extends z.ZodObject = z.ZodObject> extends Dataset<S> {
  #items: KeptItems | undefined;
  #loading: Promise<KeptItems> | undefined;

  /** Reads the items. */
  protected abstract load(): Promise<KeptItems>;

  /** What is read, for messages. */
  protected abstract get source(): string;

  /** Reads the items, once. @throws whatever is wrong with them, or keeps them from being read */
  override async prepare(): Promise<void> {
    this.#items ??= await (this.#loading ??= this.load().finally(() => this.#loading = undefined));
  }

  override get size(): number {
    return this.#ready.input.length;
  }

  override get(i: number): Item {
    this.checkIndex(i);
    const { input, target: { rows } } = this.#ready;
    const target = rows.row(i);
    return { input: input.row(i), target: rows.look.shape.length === 0 ? Number(target.data[0]) : target };
  }

  override gather(indices: ArrayLike<number>): Batch | Promise<Batch> {
    const { input, target } = this.#ready, index = Uint32Array.from(indices);
    this.checkIndices(indices);
    return { input: input.rows(index), target: target.rows.rows(index), size: index.length, index };
  }

  override get description(): Description {
    const { input, target: { rows, classes } } = this.#ready;
    return { input: input.look, target: classes === undefined ? rows.look : { ...rows.look, classes } };
  }

  /** The classes' names in their order; undefined where they have none. */
  get classes(): readonly string[] | undefined {
    return this.#ready.target.names;
  }

  /** Of all its items where they take less than 64 MB, else of 256 spread over all; by what they hold, not whence. */
  override async digest(): Promise<string> {
    return await digestOfAll(this, { classes: this.classes ?? null });
  }

  get #ready(): KeptItems {
    if (this.#items !== undefined) return this.#items;
    throw new Error(
      `Cannot use ${this.constructor.name}: ${this.source} is not read yet; await its prepare() before, or build it with configure()`,
    );
  }
}
