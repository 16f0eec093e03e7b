import { z } from "zod";
import { Random } from "../../module/random.ts";
import { after } from "../after.ts";
import type { Description, Item } from "../batch.ts";
import type { Course } from "../course.ts";
import { functionOf, functionOption } from "./held_function.ts";
import { itemRandom } from "./item_random.ts";
import { source, WrappedDataset } from "./wrapped_dataset.ts";

/** Makes another item of one. The random numbers are those of this item in this pass, and drawn before it returns. */
export type Transform = (item: Item, random: Random) => Item;

const schema = z.strictObject({
  ...source,
  /** What is done with each item; a class of your own overrides the method of this name instead. */
  transform: functionOption<Transform>("a function of an item").optional(),
  /** How many classes the targets are of from now on: they are whole numbers below it. */
  classes: z.int().positive().optional(),
});

/**
 * A data set with something done to each item. What is random in it is drawn from the Random that comes with the item:
 * it follows from the seed, the path, the pass and the item's number, so that neither looking ahead nor the number of
 * Workers nor being stopped changes anything.
 *
 * @example
 * ```ts
 * import { Digits, MapDataset, NDArray } from "ptutils";
 * const noisy = new MapDataset({
 *   dataset: new Digits(),
 *   transform: ({ input, target }, random) => ({
 *     input: new NDArray("float32", input.shape, (input.data as Float32Array).map((x) => x + 0.1 * random.normal())),
 *     target,
 *   }),
 * });
 * if (noisy(5, 1).input.equals(noisy(5, 2).input)) throw new Error("each pass has noise of its own");
 * if (!noisy(5, 1).input.equals(noisy(5, 1).input)) throw new Error("and always the same");
 * ```
 */
export class MapDataset extends WrappedDataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  static instead: Readonly<Record<string, string>> = {
    map: "transform",
    fn: "transform",
    seed: "no seed: transform gets the Random that follows from the experiment's",
  };
  random: Random = new Random();
  readonly #transform = this.options.transform && functionOf(this.options.transform) as Transform;

  /** The random numbers of the items of the latest pass: a digest leads to them, so that a batch does not make them anew. */
  #streams: { of: string; at: (i: number) => Random } | undefined;

  /** Makes another item of one. @throws {TypeError} neither overridden nor given as an option */
  transform(item: Item, random: Random): Item {
    if (this.#transform !== undefined) return this.#transform(item, random);
    throw new TypeError(
      `Cannot map by ${this.constructor.name}: it has no transform; give it as an option, or override the method`,
    );
  }

  override async prepare(): Promise<void> {
    await super.prepare();
    await this.lookAhead();
  }

  override get size(): number {
    return this.dataset.size;
  }

  override get(i: number, pass = 0): Item {
    this.checkIndex(i);
    return this.#map(this.dataset.get(i, pass), this.#randomOf(pass)(i));
  }

  override items(indices: ArrayLike<number>, pass = 0): Item[] | Promise<Item[]> {
    const random = this.#randomOf(pass);
    return after(
      this.dataset.items(indices, pass),
      (items) => items.map((item, n) => this.#map(item, random(indices[n]!))),
    );
  }

  override course(pass: number, moves: boolean, limit: number | null): Course | undefined {
    return this.dataset.course(pass, moves, limit);
  }

  /** As the first item tells it; classes stay while targets stay whole numbers, unless `classes` says otherwise. */
  override get description(): Description {
    const { classes = this.dataset.description.target.classes } = this.options;
    const { input, target } = this.look(), whole = target.dtype === "int32" || this.options.classes !== undefined;
    if (classes === undefined || target.shape.length > 0 || !whole) return { input, target };
    return { input, target: { shape: [], dtype: "int32", classes } };
  }

  #randomOf(pass: number): (i: number) => Random {
    const of = `${this.random.key} ${pass}`;
    if (this.#streams?.of !== of) this.#streams = { of, at: itemRandom(this.random, pass) };
    return this.#streams.at;
  }

  #map(item: Item, random: Random): Item {
    const mapped: unknown = this.transform(item, random);
    if (mapped instanceof Promise) {
      mapped.catch(() => {});
      throw new TypeError(
        `Cannot map by ${this.constructor.name}: the transform gave a promise; what takes time belongs in the data set below, whose gather() may answer later`,
      );
    }
    return mapped as Item;
  }
}
