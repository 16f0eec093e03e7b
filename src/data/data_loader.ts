import { z } from "zod";
import { Module } from "../module/module.ts";
import { register } from "../module/registry.ts";
import type { Batch } from "./batch.ts";
import { type Course, ForwardCourse, SampledCourse } from "./course.ts";
import type { Dataset } from "./dataset.ts";
import { checkDataset } from "./loading/check_dataset.ts";
import { Decoders } from "./loading/decoders.ts";
import { fetchFrom } from "./loading/fetch_from.ts";
import { LookAhead, type Planned } from "./loading/look_ahead.ts";
import { Sampler } from "./sampler.ts";

/** Items a batch where nothing is said and there are so many. */
export const usualBatchSize = 32;

const schema = z.strictObject({
  /** Items a batch: 32 if nothing is said, or as many as there are. */
  batchSize: z.int().positive().optional(),
  /** Whether the last batch of a tracked pass is left out when it is smaller. */
  dropLast: z.boolean().default(false),
  /** Most items that a tracked pass takes; null for all. A source without an end needs one. */
  limit: z.int().positive().nullable().default(null),
  /** How many batches are fetched before they are asked for, where that goes on beside; 0, or 2 for each Worker. */
  prefetch: z.int().nonnegative().optional(),
  /** How many Workers gather the batches, each with a data set made from its configuration; 0: none. */
  workers: z.int().nonnegative().optional(),
  /** Files that register classes of your own, for Workers; relative ones are taken from the working folder. */
  modules: z.array(z.string()).optional(),
  /** Fills up items that are smaller than the largest of their batch, with 0 or with this number. */
  pad: z.union([z.boolean(), z.number()]).optional(),
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
 * `batchSize`, `dropLast` and `limit` are read at each batch: they may be assigned while it runs.
 *
 * Neither `prefetch` nor `workers` changes which batches come, nor a bit of them. Workers are threads that begin with
 * an iteration and end with it: each builds the data set from its configuration, so that they are for data in files
 * that take time to decode. A data set that gives its items one after another is read in this thread.
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
  static instead: Readonly<Record<string, string>> = {
    shuffle: 'sampler: "Shuffled" beside the dataLoader, or iterate(dataset, { sampler: new Shuffled() })',
    sampler: "it beside the dataLoader, or iterate(dataset, { sampler })",
    padding: "pad",
  };
  batchSize: number = this.options.batchSize ?? usualBatchSize;
  dropLast: boolean = this.options.dropLast;
  limit: number | null = this.options.limit;
  /** How many passes are done. */
  pass = 0;
  /** How many items of this pass are consumed. */
  position = 0;
  #lent: (() => Sampler) | undefined;
  #latest: object | undefined;
  #open: AsyncDisposable | undefined;
  readonly #ready = new WeakSet<Dataset>();

  /**
   * The batches of a data set. Iterating raises:
   *
   * @throws {RangeError} an empty data set; tracked, one smaller than a batch
   * @throws {TypeError} what is no data set; tracked, when a newer tracked iteration has begun
   */
  iterate(dataset: Dataset, { tracked = true, sampler }: IterateOptions = {}): Batches {
    checkDataset(dataset);
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
    await this.#open?.[Symbol.asyncDispose](); // of one that was broken off without a word
    await this.#prepare(dataset);
    await using line = this.#open = await this.#line(dataset);
    let pass: number | undefined, limit: number | null | undefined, course!: Course;
    for (;;) {
      if (this.#latest !== mine) throw superseded();
      // Also when a state was loaded or a limit assigned meanwhile: the place is what the fields say.
      if (pass !== this.pass || limit !== this.limit) {
        [pass, limit] = [this.pass, this.limit];
        course = this.#course(dataset, sampler ?? this.#lent?.(), pass);
      }
      const { position } = this, draw = this.#draw(course, course.begin(position), position);
      if (draw === undefined || (this.dropLast && draw.indices.length < this.batchSize)) break;
      const made = line.take(draw, this.#following(course)), batch = made instanceof Promise ? await made : made;
      if (this.#latest !== mine) throw superseded();
      if (this.pass !== pass || this.position !== position) continue;
      if (batch.size === 0 || (this.dropLast && batch.size < this.batchSize)) break; // it ended sooner than one can know
      this.position += batch.size;
      course.taken?.(draw);
      yield batch;
    }
    if (this.position === 0) this.#refuseEmpty(dataset, course);
    this.rewind(this.pass + 1);
  }

  async *#untracked(dataset: Dataset, sampler: Sampler = inOrder): AsyncGenerator<Batch> {
    await this.#prepare(dataset);
    await using line = await this.#line(dataset);
    const limit = dataset.size === Infinity ? this.limit : null;
    const course = dataset.course(0, false, limit) ?? courseOf(dataset, sampler, 0, limit);
    for (let at = 0;;) {
      const draw = this.#draw(course, course.begin(at), at);
      if (draw === undefined) break;
      const made = line.take(draw, this.#following(course)), batch = made instanceof Promise ? await made : made;
      if (batch.size === 0) break;
      at += batch.size;
      course.taken?.(draw);
      yield batch;
    }
  }

  /** Makes a data set ready, once. */
  async #prepare(dataset: Dataset): Promise<void> {
    if (this.#ready.has(dataset)) return;
    await dataset.prepare();
    this.#ready.add(dataset);
  }

  /** @throws {RangeError} a pass that ended and had no batch, where that can be told why */
  #refuseEmpty(dataset: Dataset, course: Course): void {
    if (this.dropLast && course.length > 0) {
      throw new RangeError(
        `Cannot iterate over ${dataset.constructor.name}: a pass has fewer items than batchSize (${this.batchSize}), and dropLast leaves them out; make batchSize smaller`,
      );
    }
    if (course.length === Infinity) throw gaveNothing(dataset);
  }

  /** The items of the next batch: fewer at the end, none after it. */
  #draw(course: Course, from: unknown, at: number): Planned | undefined {
    if (!Number.isSafeInteger(this.batchSize) || this.batchSize < 1) {
      throw new RangeError(`Cannot make a batch: batchSize is ${this.batchSize}; set it to a whole number from 1`);
    }
    const count = Math.min(this.batchSize, course.length - at);
    return count > 0 ? { ...course.draw(from, count), to: at + count } : undefined;
  }

  /** What will probably be drawn after a draw. */
  #following(course: Course): (draw: Planned) => Planned | undefined {
    return course.foresees ? (draw) => this.#draw(course, draw.end, draw.to) : () => undefined;
  }

  /** What fetches the batches of an iteration; with it end the Workers. */
  async #line(dataset: Dataset): Promise<LookAhead & AsyncDisposable> {
    const { workers = 0, prefetch = 2 * workers, modules = [], pad = false } = this.options;
    const filling = pad === false ? null : Number(pad === true ? 0 : pad);
    if (workers === 0 || dataset.access !== "random") return new LookAhead(fetchFrom(dataset, filling), prefetch);
    const decoders = await Decoders.start(dataset, { workers, modules, pad: filling });
    return new LookAhead((draw) => decoders.fetch(draw), prefetch, () => decoders.close());
  }

  /** The items of a tracked pass. */
  #course(dataset: Dataset, sampler: Sampler = inOrder, pass: number): Course {
    const course = dataset.course(pass, true, this.limit) ?? courseOf(dataset, sampler, pass, this.limit);
    const items = course.length;
    if (this.batchSize <= items || !this.insists) return course;
    throw new RangeError(
      `Cannot iterate over ${dataset.constructor.name}: batchSize is ${this.batchSize}, but a pass has only ${items} items; set batchSize to ${items} or less`,
    );
  }
}

const inOrder = new Sampler();

/** The items of a pass of a data set that has no course of its own. */
const courseOf = (dataset: Dataset, sampler: Sampler, pass: number, limit: number | null): Course =>
  dataset.access === "random"
    ? new SampledCourse(dataset, sampler, pass, limit ?? undefined)
    : new ForwardCourse(dataset, pass, limit);

const gaveNothing = (dataset: Dataset): RangeError =>
  new RangeError(`Cannot iterate over ${dataset.constructor.name}: its source gave no item; check the source`);

const superseded = (): TypeError =>
  new TypeError(
    "Cannot go on with a tracked iteration of DataLoader: a newer one has taken its place; iterate with { tracked: false }, or by another DataLoader",
  );

register(DataLoader);
