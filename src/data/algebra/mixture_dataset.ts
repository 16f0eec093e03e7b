import { isObservable, type Observable, type Subscription } from "rxjs";
import { z } from "zod";
import { slot } from "../../module/slot.ts";
import { mapRecord } from "../../module/value.ts";
import { accessOver } from "./access_over.ts";
import type { Access, Batch, Description, Item } from "../batch.ts";
import { commonDescription } from "./common_description.ts";
import { type Course, drawn } from "../course.ts";
import { Dataset } from "../dataset.ts";
import { digestOver } from "./digest_over.ts";
import { FixedDraws } from "./fixed_draws.ts";
import { functionOf, heldOption, holdObject, isHeld } from "./held_function.ts";
import { gatherParts, itemsOfParts, type Place } from "./gather_parts.ts";
import { Mixture } from "./mixture.ts";
import { weightsSchema } from "./mixture_schedule.ts";

const weightsWanted = "weights by the sources' names, { a: 1, b: 3 }, or an Observable of them";

const heldStream = (input: unknown) => isObservable(input) ? holdObject(input, "Observable") : undefined;

const schema = z.strictObject({
  /** The sources, by their names. */
  datasets: z.record(z.string(), slot(Dataset), "expected the sources by their names, { a: ..., b: ... }").refine(
    (all) => Object.keys(all).length > 0,
    "give a source",
  ),
  /**
   * How often each is drawn from, in proportion to the others: numbers by the sources' names, or an Observable of them.
   * Equally often if left out, and until a stream gives some.
   */
  weights: z.union([weightsSchema, heldOption<Observable<Readonly<Record<string, number>>>>(weightsWanted, heldStream)])
    .optional(),
  /** Items of a pass; as many as the sources have together if left out. */
  count: z.int().positive().optional(),
  /** Whether each source's items come in random order, another one in each pass over it. */
  shuffle: z.boolean().default(true),
});

/**
 * Items of several sources, mixed by weights, each source begun again when it is through. The weights may be assigned
 * while it runs (`dataset.mixture.weights = { ... }`), or follow a stream (given as `weights`, or to
 * `dataset.mixture.follow(weights$)`): they count from the next batch that a DataLoader hands out, however many are fetched ahead. Seed, weights and the number
 * of draws decide what comes; the place in each source is state.
 *
 * Asked for items by number, as by a data set that is made of it, it mixes by the weights that it was built with.
 *
 * @example
 * ```ts
 * import { DataLoader, Digits, MixtureDataset } from "ptutils";
 * const dataset = new MixtureDataset({
 *   datasets: { few: new Digits({ classes: [0] }), all: new Digits() },
 *   weights: { few: 1, all: 3 },
 * });
 * let zeros = 0;
 * for await (const { target } of new DataLoader({ batchSize: 100, limit: 300 }).iterate(dataset)) {
 *   zeros += (target.data as Int32Array).filter((digit) => digit === 0).length;
 *   dataset.mixture.weights = { few: 1 }; // from the second batch on
 * }
 * if (zeros < 220) throw new Error(`${zeros}`);
 * ```
 */
export class MixtureDataset extends Dataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  static instead: Readonly<Record<string, string>> = {
    seed: "no seed: its random numbers follow from the experiment's",
    size: "count",
  };
  datasets: Record<string, Dataset> = mapRecord(this.options.datasets, (part) => part.build());
  mixture: Mixture = new Mixture({ weights: this.#weights, shuffle: this.options.shuffle });
  #following: Subscription | undefined;
  readonly #orders = new Map<string, { key: string; order: Uint32Array }>();
  /** What is drawn by the weights that it was built with, as far as somebody asked. */
  #fixed: { key: string; draws: FixedDraws } | undefined;

  /** Makes its sources ready. @throws {TypeError} sources whose items differ, or one that nobody knows the size of */
  override async prepare(): Promise<void> {
    await Promise.all(Object.values(this.datasets).map((dataset) => dataset.prepare()));
    this.checkSources();
    const { weights } = this.options;
    if (!isHeld(weights) || this.#following !== undefined) return;
    this.#following = this.mixture.follow((functionOf(weights) as () => Observable<Record<string, number>>)());
  }

  /** Follows the stream of weights no longer. */
  override letGo(): void {
    this.#following?.unsubscribe();
    this.#following = undefined;
  }

  /** @throws what keeps its sources from being mixed */
  checkSources(): void {
    for (const [name, { access, size }] of Object.entries(this.datasets)) {
      if (size === 0) throw new RangeError(`Cannot mix: source "${name}" has no items; check its options`);
      if (access !== "forward" || size !== Infinity) continue;
      throw new TypeError(
        `Cannot mix: nobody knows when source "${name}" ends; say endless: true, so that it is begun again, or keep its items (CacheDataset)`,
      );
    }
    void this.description;
  }

  override get size(): number {
    return this.options.count ?? Object.values(this.datasets).reduce((sum, { size }) => sum + size, 0);
  }

  override get access(): Access {
    const { size } = this, access = accessOver(Object.values(this.datasets), Infinity);
    return access === "endless" && size !== Infinity ? "forward" : access;
  }

  override get description(): Description {
    return commonDescription("mix", Object.entries(this.datasets));
  }

  override digest(): Promise<string> {
    return digestOver(this, Object.values(this.datasets));
  }

  /** @throws {RangeError} no number of items, where a source has none */
  override course(pass: number, moves: boolean, limit: number | null): Course {
    const length = Math.min(this.size, limit ?? Infinity);
    if (length === Infinity) {
      throw new RangeError(
        `Cannot iterate over ${this.constructor.name}: it has no end; give it a count, or the DataLoader a limit, the number of items of a pass`,
      );
    }
    return this.mixture.course(this.datasets, pass, moves, length);
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
    if (places.length === 0) return Object.values(this.datasets)[0]!.gather([]);
    return gatherParts(places, pass === drawn ? this.#numbers(places) : indices);
  }

  #places(indices: ArrayLike<number>, pass: number): Place[] {
    const numbers = pass === drawn ? indices : this.#fixedNumbers(indices, pass);
    const sources = Object.entries(this.datasets);
    return Array.from(numbers, (number) => {
      const source = number % sources.length, [name, dataset] = sources[source]!;
      return { dataset, name, ...this.#itemOf(name, dataset, (number - source) / sources.length) };
    });
  }

  /** Which item of a source comes after so many were taken of it. */
  #itemOf(name: string, dataset: Dataset, taken: number): { index: number; pass: number } {
    if (dataset.size === Infinity) return { index: taken, pass: 0 };
    const pass = Math.floor(taken / dataset.size), index = taken - pass * dataset.size;
    const isShuffled = this.mixture.shuffle && dataset.access === "random";
    return { index: isShuffled ? this.#order(name, dataset.size, pass)[index]! : index, pass };
  }

  #order(name: string, size: number, pass: number): Uint32Array {
    const { random } = this.mixture, key = `${random.key} ${pass} ${size}`, known = this.#orders.get(name);
    if (known?.key === key) return known.order;
    const order = random.fork(`${name} ${pass}`).permutation(size);
    this.#orders.set(name, { key, order });
    return order;
  }

  /** The numbers of items as if the sources lay one after another. */
  #numbers(places: readonly Place[]): number[] {
    const starts = new Map<Dataset, number>();
    let start = 0;
    for (const dataset of Object.values(this.datasets)) {
      starts.set(dataset, start);
      start += dataset.size === Infinity ? 0 : dataset.size;
    }
    return places.map(({ dataset, index }) => starts.get(dataset)! + index);
  }

  #fixedNumbers(indices: ArrayLike<number>, pass: number): number[] {
    this.checkIndices(indices);
    const first = pass === 0 ? 0 : pass * this.size, draws = this.#fixedDraws();
    return Array.from(indices, (i) => draws.at(first + i));
  }

  #fixedDraws(): FixedDraws {
    const { mixture: { random }, datasets, size } = this,
      key = JSON.stringify([random.key, size, Object.keys(datasets)]);
    if (this.#fixed?.key !== key) {
      const fixed = new Mixture({ weights: this.#weights });
      fixed.random = random;
      const course = fixed.course(datasets, 0, false, Infinity);
      this.#fixed = { key, draws: new FixedDraws((from, count) => course.draw(from, count), size) };
    }
    return this.#fixed.draws;
  }

  get #weights(): Record<string, number> {
    const { weights } = this.options;
    return weights === undefined || isHeld(weights) ? mapRecord(this.options.datasets, () => 1) : weights;
  }
}
