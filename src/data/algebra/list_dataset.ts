import { z } from "zod";
import { isNDArray } from "../../module/ndarray.ts";
import { isRecord, isValue, type Value } from "../../module/value.ts";
import { afterAll } from "../after.ts";
import type { Item } from "../batch.ts";
import { copyOf } from "./copy_of.ts";
import { DataReader } from "../data_reader.ts";
import { Dataset } from "../dataset.ts";
import { functionOf, functionOption } from "./held_function.ts";
import { lookPlaces } from "../look_places.ts";

/** Makes an item of an entry of a list; it may take its time. */
export type Load = (entry: Value, i: number) => Item | Promise<Item>;

const schema = z.strictObject({
  /** An entry for each item: a file's name, a number, a record, whatever `load` makes an item of. */
  list: z.array(z.custom<Value>(isValue, "expected data")),
  /** Makes an item of an entry; a class of your own overrides the method of this name instead. */
  load: functionOption<Load>("a function of an entry").optional(),
});

/**
 * Items made of the entries of a list when they are asked for. Without `load`, an entry is the name of a file that
 * holds arrays named `input` and `target` (.npz, .safetensors, ...). Where loading takes time, items are had by
 * `gather` and `items`, not by `get`, once `prepare` has looked at the first.
 *
 * @example
 * ```ts
 * import { ListDataset, NDArray } from "ptutils";
 * const squares = new ListDataset({
 *   list: [1, 2, 3],
 *   load: (x) => ({ input: new NDArray("float32", [1], [Number(x)]), target: Number(x) ** 2 }),
 * });
 * if (squares.size !== 3 || squares(2).target !== 9) throw new Error("unexpected");
 * ```
 */
export class ListDataset extends Dataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  readonly #load = this.options.load && functionOf(this.options.load) as Load;
  /** Some items, where they took time: they tell what all look like. */
  readonly #known = new Map<number, Item>();

  /** Makes an item of an entry. @throws {TypeError} a file without arrays named input and target */
  async load(entry: Value, _i: number): Promise<Item> {
    if (typeof entry === "string") return itemOf(await new DataReader().read(entry), entry);
    throw new TypeError(
      `Cannot load an item of ${this.constructor.name}: the entry is ${
        JSON.stringify(entry)?.slice(0, 60)
      }, no file's name; give load, what makes an item of an entry`,
    );
  }

  /** Looks at some items where loading takes time. */
  override async prepare(): Promise<void> {
    if (this.size === 0 || this.#known.size > 0) return;
    const first = this.#item(0);
    if (!(first instanceof Promise)) return;
    const { target } = await first, places = typeof target === "number" ? lookPlaces(this.size) : [0];
    for (const i of places) this.#known.set(i, await this.#item(i));
  }

  override get size(): number {
    return this.options.list.length;
  }

  override get(i: number): Item {
    this.checkIndex(i);
    const known = this.#known.get(i);
    if (known !== undefined) return copyOf(known);
    const item = this.#item(i);
    if (!(item instanceof Promise)) return item;
    item.catch(() => {});
    throw new TypeError(
      `Cannot get item ${i} of ${this.constructor.name} at once: loading it takes time; await its items([${i}]) or gather([${i}]), after prepare()`,
    );
  }

  override items(indices: ArrayLike<number>): Item[] | Promise<Item[]> {
    this.checkIndices(indices);
    return afterAll(Array.from(indices, (i) => this.#item(i)), (items) => items);
  }

  #item(i: number): Item | Promise<Item> {
    const entry = this.options.list[i]!;
    return this.#load === undefined ? this.load(entry, i) : this.#load(entry, i);
  }
}

function itemOf(file: unknown, name: string): Item {
  const { input, target } = isRecord(file) ? file : {} as Record<string, unknown>;
  if (isNDArray(input) && (isNDArray(target) || typeof target === "number")) {
    return { input, target: isNDArray(target) && target.shape.length === 0 ? Number(target.data[0]) : target };
  }
  const found = isRecord(file) ? Object.keys(file).slice(0, 12).join(", ") : "something else";
  throw new TypeError(
    `Cannot take "${name}" as an item: it takes arrays named input and target, found ${found}; give load, what makes an item of it`,
  );
}
