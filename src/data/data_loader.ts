import { z } from "zod";
import { Module } from "../module/module.ts";
import { register } from "../module/registry.ts";
import type { Batch } from "./batch.ts";
import type { Dataset } from "./dataset.ts";
import { Sampler } from "./sampler.ts";

const usualBatchSize = 32;

const schema = z.strictObject({
  /** Items a batch: 32 if nothing is said, or as many as there are. */
  batchSize: z.int().positive().optional(),
  /** Whether the last batch of a tracked pass is left out when it is smaller. */
  dropLast: z.boolean().default(false),
  /** Most items that a tracked pass takes; null for all. */
  limit: z.int().positive().nullable().default(null),
});

/** How a DataLoader goes through a data set. */
export interface IterateOptions {
  /** Whether it goes on at the loader's place, and moves it (default); else once through, in order, moving nothing. */
  readonly tracked?: boolean;
  /** Instead of the one that was lent. */
  readonly sampler?: Sampler;
}

/** Batches to come. */
export interface Batches extends AsyncIterable<Batch> {
  /** Whether iterating goes on at a place that is kept in state: then who resumes has no batches to pass over. */
  readonly resumable: boolean;
}

/**
 * Makes batches of a data set. Its state is its place: `pass` and `position`. A batch counts as consumed from the
 * moment it is handed out, so that a state taken after working on it goes on with the next one; who wants to stop does
 * so before asking for a batch.
 *
 * A tracked iteration begins at the place, wherever that is: after a state was loaded, or an iteration broken off, with
 * the batches that are missing; after the last batch with none, which ends the pass. There is one place, so that a
 * newer tracked iteration ends an older one. Untracked ones run beside it, as many as you like.
 *
 * `batchSize` is read at each batch: it may be assigned while it runs.
 *
 * @example
 * ```ts
 * import { DataLoader, Digits } from "ptutils";
 * const loader = new DataLoader({ batchSize: 500 });
 * const sizes: number[] = [];
 * for await (const batch of loader.iterate(new Digits())) sizes.push(batch.size);
 * if (`${sizes}` !== "500,500,442" || loader.pass !== 1) throw new Error("unexpected");
 * ```
 */
export class DataLoader extends Module<typeof schema> {
  static override schema: z.ZodObject = schema;
  batchSize: number = this.options.batchSize ?? usualBatchSize;
  dropLast: boolean = this.options.dropLast;
  limit: number | null = this.options.limit;
  /** How many passes are done. */
  pass = 0;
  /** How many items of this pass are consumed. */
  position = 0;
  #lent: (() => Sampler) | undefined;
  #latest: object | undefined;

  /**
   * The batches of a data set. Iterating raises:
   *
   * @throws {RangeError} an empty data set; tracked, one smaller than a batch
   * @throws {TypeError} tracked, when a newer tracked iteration has begun
   */
  iterate(dataset: Dataset, { tracked = true, sampler }: IterateOptions = {}): Batches {
    const begin = () => tracked ? this.#tracked(dataset, sampler) : this.#untracked(dataset, sampler);
    return { resumable: tracked, [Symbol.asyncIterator]: begin };
  }

  override invoke(dataset: Dataset, options: IterateOptions = {}): Batches {
    return this.iterate(dataset, options);
  }

  /** Lends a sampler for tracked iterations; asked for at the start of each pass. Without one, items come in order. */
  use(sampler: () => Sampler): void {
    this.#lent = sampler;
  }

  /** Goes to the start of a pass. */
  rewind(pass = 0): void {
    if (!Number.isSafeInteger(pass) || pass < 0) {
      throw new RangeError(`Cannot rewind DataLoader to pass ${pass}: passes are counted 0, 1, 2, ...`);
    }
    this.pass = pass;
    this.position = 0;
  }

  /** Whether somebody chose the batch size: it is not to be cut to the data then. */
  get insists(): boolean {
    return this.options.batchSize !== undefined || this.batchSize !== usualBatchSize;
  }

  async *#tracked(dataset: Dataset, sampler: Sampler | undefined): AsyncGenerator<Batch> {
    const mine = this.#latest = {};
    let pass: number | undefined, order: Uint32Array = new Uint32Array();
    for (;;) {
      if (this.#latest !== mine) throw superseded();
      // Also when a state was loaded meanwhile: the place is what the fields say.
      if (pass !== this.pass) order = this.#order(dataset, sampler ?? this.#lent?.(), pass = this.pass);
      const index = this.#next(order, this.position);
      if (index.length === 0 || (this.dropLast && index.length < this.batchSize)) break;
      const batch = dataset.gather(index);
      this.position += index.length;
      yield batch;
    }
    this.rewind(this.pass + 1);
  }

  async *#untracked(dataset: Dataset, sampler: Sampler = inOrder): AsyncGenerator<Batch> {
    const order = orderOf(dataset, sampler, 0);
    for (let at = 0; at < order.length;) {
      const index = this.#next(order, at);
      at += index.length;
      yield dataset.gather(index);
    }
  }

  /** The items of the next batch: fewer at the end, none after it. */
  #next(order: Uint32Array, at: number): Uint32Array {
    if (Number.isSafeInteger(this.batchSize) && this.batchSize > 0) return order.slice(at, at + this.batchSize);
    throw new RangeError(`Cannot make a batch: batchSize is ${this.batchSize}; set it to a whole number from 1`);
  }

  /** The items of a tracked pass. */
  #order(dataset: Dataset, sampler: Sampler = inOrder, pass: number): Uint32Array {
    const order = orderOf(dataset, sampler, pass).subarray(0, this.limit ?? undefined);
    if (this.batchSize <= order.length || !this.insists) return order;
    throw new RangeError(
      `Cannot iterate over ${dataset.constructor.name}: batchSize is ${this.batchSize}, but a pass has only ${order.length} items; set batchSize to ${order.length} or less`,
    );
  }
}

const inOrder = new Sampler();

function orderOf(dataset: Dataset, sampler: Sampler, pass: number): Uint32Array {
  const order = sampler.order(dataset.size, pass);
  if (order.length > 0) return order;
  throw new RangeError(
    `Cannot iterate over ${dataset.constructor.name}: ${
      dataset.size === 0
        ? "it is empty; check the options that select its items"
        : `${sampler.constructor.name} took none of its ${dataset.size} items; check the sampler`
    }`,
  );
}

const superseded = (): TypeError =>
  new TypeError(
    "Cannot go on with a tracked iteration of DataLoader: a newer one has taken its place; iterate with { tracked: false }, or by another DataLoader",
  );

register(DataLoader);
