import { z } from "zod";
import type { Module } from "../../module/module.ts";
import { Random } from "../../module/random.ts";
import { after } from "../after.ts";
import type { Access, Batch, Item } from "../batch.ts";
import { copyOf } from "./copy_of.ts";
import { RowStore } from "./row_store.ts";
import { numbered } from "./view_dataset.ts";
import { source, WrappedDataset } from "./wrapped_dataset.ts";

const schema = z.strictObject({
  ...source,
  /** How much memory it may take, in bytes; 1 GiB if nothing is said. Items beyond it are asked for each time. */
  bytes: z.int().nonnegative().default(2 ** 30),
});

/**
 * A data set whose items stay in memory, once they were asked for, as many as fit. What is random below it is drawn
 * once. Of a source that gives its items one after another (`TakeDataset` of a stream) it makes one that gives them in
 * any order, if all fit: `prepare` reads them.
 *
 * @example
 * ```ts
 * import { CacheDataset, Digits } from "ptutils";
 * const cached = new CacheDataset({ dataset: new Digits(), bytes: 1e6 });
 * await cached.gather([3, 1, 4]);
 * if (cached.kept !== 3 || cached(1).target !== new Digits()(1).target) throw new Error("unexpected");
 * ```
 */
export class CacheDataset extends WrappedDataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  #rows: RowStore | undefined;
  #key: string | undefined;
  #below: Module[] = [];

  /** @throws {RangeError} items that come only one after another, and don't all fit */
  override async prepare(): Promise<void> {
    await super.prepare();
    const rows = this.#store, { size } = this.dataset;
    if (super.access === "random" || rows.size === size) return;
    if (size > rows.capacity) {
      throw new RangeError(
        `Cannot keep the items of ${this.dataset.constructor.name}: they come one after another, there are ${
          size === Infinity ? "endlessly many" : size
        }, and ${rows.capacity} fit in ${this.options.bytes} bytes; take fewer (TakeDataset), or set bytes`,
      );
    }
    for (let start = 0; start < size; start += 256) {
      rows.keep(await this.dataset.gather(range(start, Math.min(start + 256, size))));
    }
    if (rows.size < size) {
      throw new RangeError(
        `Cannot keep ${size} items of ${this.dataset.constructor.name}: it ended after ${rows.size}; take as many`,
      );
    }
  }

  override get size(): number {
    return this.dataset.size;
  }

  override get access(): Access {
    return this.kept === this.size ? "random" : super.access;
  }

  /** How many items are in memory. */
  get kept(): number {
    return this.#rows?.size ?? 0;
  }

  override get(i: number): Item {
    this.checkIndex(i);
    const rows = this.#store;
    return rows.item(i) ?? rows.keepItem(i, this.dataset.get(i));
  }

  override items(indices: ArrayLike<number>): Item[] | Promise<Item[]> {
    this.checkIndices(indices);
    const rows = this.#store;
    if (rows.size < this.size && super.access !== "random") return this.prepare().then(() => this.items(indices));
    const missing = [...new Set(Array.from(indices))].filter((i) => rows.item(i) === undefined);
    const found = missing.length === 0 ? [] : this.dataset.items(missing);
    return after(found, (items) => {
      const fresh = new Map(items.map((item, n) => [missing[n]!, rows.keepItem(missing[n]!, item)]));
      return Array.from(indices, (i) => rows.item(i) ?? copyOf(fresh.get(i)!));
    });
  }

  override gather(indices: ArrayLike<number>, _pass?: number): Batch | Promise<Batch> {
    this.checkIndices(indices);
    const rows = this.#store;
    if (rows.size < this.size && super.access !== "random") return this.prepare().then(() => this.gather(indices));
    const missing = [...new Set(Array.from(indices))].filter((i) => !rows.has(i));
    if (missing.length === 0) return rows.take(indices);
    return after(this.dataset.gather(missing), (found) => {
      rows.keep(numbered(found, missing));
      return missing.every((i) => rows.has(i)) ? rows.take(indices) : rows.takeWith(indices, numbered(found, missing));
    });
  }

  /** What is kept; nothing, where what is below, or its randomness, is another one than before. */
  get #store(): RowStore {
    const below = [...this.dataset.modules()].map(([, module]) => module);
    const key = below.flatMap(keysOf).join();
    const same = this.#key === key && below.length === this.#below.length &&
      below.every((module, i) => module === this.#below[i]);
    if (!same) this.#rows = undefined;
    [this.#key, this.#below] = [key, below];
    return this.#rows ??= new RowStore(this.dataset.description, this.options.bytes);
  }
}

/** The keys of a Module's own random streams. */
const keysOf = (module: Module): number[] =>
  Object.values(module).flatMap((value) => value instanceof Random ? [value.key] : []);

const range = (start: number, end: number): number[] => Array.from({ length: end - start }, (_, i) => start + i);
