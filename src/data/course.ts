import type { Dataset } from "./dataset.ts";
import type { Sampler } from "./sampler.ts";

/** What stands for the number of a pass where a course of the data set's own drew the items. */
export const drawn = -1;

/** The items of a batch to come. */
export interface Draw {
  /** What the data set is asked for. */
  readonly indices: ArrayLike<number>;
  /** The pass that they are of, or {@linkcode drawn}. */
  readonly pass: number;
  /** Where the draw after this one begins. */
  readonly end: unknown;
}

/**
 * Which items a pass consists of, in their order. Drawing moves nothing, so that one may look ahead; what a course has
 * as state moves when the batch is handed out.
 */
export interface Course {
  /** Items of the pass; Infinity where nobody knows how many there will be. */
  readonly length: number;
  /** Whether looking ahead is of use: whether what is fetched may be let go and fetched again. */
  readonly foresees: boolean;
  /** Where the draw begins that comes after so many items of the pass. */
  begin(position: number): unknown;
  draw(from: unknown, count: number): Draw;
  /** The batch of this draw is handed out. */
  taken?(draw: Draw): void;
}

/** Items in the order that a sampler gives. */
export class SampledCourse implements Course {
  readonly foresees = true;
  readonly #order: Uint32Array;
  readonly #pass: number;

  /** @throws {RangeError} a pass without items */
  constructor(dataset: Dataset, sampler: Sampler, pass: number, limit = Infinity) {
    const order = sampler.order(dataset.size, pass);
    if (order.length === 0) throw noItems(dataset, sampler);
    this.#order = order.subarray(0, limit);
    this.#pass = pass;
  }

  get length(): number {
    return this.#order.length;
  }

  begin(position: number): number {
    return position;
  }

  draw(from: number, count: number): Draw {
    return { indices: this.#order.slice(from, from + count), pass: this.#pass, end: from + count };
  }
}

/** Items one after another, of a data set that gives them in no other way. */
export class ForwardCourse implements Course {
  readonly length: number;
  readonly foresees: boolean;
  readonly #pass: number;
  readonly #first: number;

  /** @throws {RangeError} a data set without an end, and no limit */
  constructor(dataset: Dataset, pass: number, limit: number | null) {
    const { access, size } = dataset;
    const endless = size === Infinity && access !== "forward";
    if (endless && limit === null) {
      throw new RangeError(
        `Cannot iterate over ${dataset.constructor.name}: it has no end; give the DataLoader a limit, the number of items of a pass`,
      );
    }
    this.length = Math.min(size, limit ?? Infinity);
    this.foresees = access !== "live";
    this.#pass = endless ? 0 : pass;
    this.#first = endless ? pass * limit! : 0;
  }

  begin(position: number): number {
    return position;
  }

  draw(from: number, count: number): Draw {
    const indices = Array.from({ length: count }, (_, i) => this.#first + from + i);
    return { indices, pass: this.#pass, end: from + count };
  }
}

const noItems = (dataset: Dataset, sampler: Sampler): RangeError =>
  new RangeError(
    `Cannot iterate over ${dataset.constructor.name}: ${
      dataset.size === 0
        ? "it is empty; check the options that select its items"
        : `${sampler.constructor.name} took none of its ${dataset.size} items; check the sampler`
    }`,
  );
