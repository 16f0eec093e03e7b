import { z } from "zod";
import { suggest } from "../../module/text.ts";
import { isValue, type Value } from "../../module/value.ts";
import type { Item } from "../batch.ts";
import type { Dataset } from "../dataset.ts";
import { functionOf, functionOption } from "./held_function.ts";
import { MixtureDataset } from "./mixture_dataset.ts";
import { needsSize } from "./needs_size.ts";
import { ResampleDataset } from "./resample_dataset.ts";
import { ShuffleDataset } from "./shuffle_dataset.ts";
import { type Fractions, splitByClass, splitByKey, splitBySize } from "./split_rows.ts";
import { ViewDataset } from "./view_dataset.ts";
import { source } from "./wrapped_dataset.ts";

/** What items have in common that are to stay together. */
export type KeyOf = (item: Item, i: number) => string | number;

const usualParts = { train: 0.8, test: 0.2 };

const schema = z.strictObject({
  ...source,
  /** The parts that there are, and the fraction of the items in each; together they are 1. */
  parts: z.record(z.string(), z.number().min(0).max(1)).default(usualParts),
  /** Which of them this is. */
  part: z.string(),
  /**
   * How items are assigned: each for itself; `classes`, so that each part has the classes in equal proportions; by a
   * function, so that items with the same key are in the same part.
   */
  by: z.union([z.enum(["items", "classes"]), functionOption<KeyOf>('"items", "classes" or a function of an item')])
    .default("items"),
  /** Whether the items are assigned at random; else the first to the first part. A key is always at random. */
  shuffle: z.boolean().default(true),
  /** The split follows from it and the data alone: the same in every part, whatever the experiment's seed is. */
  seed: z.union([z.int(), z.string()]).default(0),
}).superRefine(({ parts, part }, context) => {
  const sum = Object.values(parts).reduce((sum, fraction) => sum + fraction, 0);
  if (Math.abs(sum - 1) > 1e-6) {
    context.addIssue({ code: "custom", path: ["parts"], message: `the fractions are ${sum} together; make that 1` });
  }
  if (!Object.hasOwn(parts, part)) {
    const message = `there is no part "${part}"; ${suggest(part, Object.keys(parts))}`;
    context.addIssue({ code: "custom", path: ["part"], message });
  }
});

type SplitOptions = Omit<z.input<typeof schema>, "dataset" | "parts" | "part">;

/**
 * One part of a data set that is split. The parts share nothing and are all of it together: each is a SplitDataset of
 * the same data set with the same options, but for `part`.
 *
 * @example
 * ```ts
 * import { Digits, SplitDataset } from "ptutils";
 * const { train, test } = SplitDataset.of(new Digits(), { parts: { train: 0.75, test: 0.25 }, by: "classes" });
 * if (train.size !== 1082 || test.size !== 360) throw new Error(`${train.size}, ${test.size}`);
 * ```
 */
export class SplitDataset extends ViewDataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  static instead: Readonly<Record<string, string>> = {
    fraction: 'parts: { train: 0.8, test: 0.2 } and which part this is, part: "train"',
    fractions: "parts",
    partitions: "parts",
    split: "part",
    stratified: 'by: "classes"',
    stratify: 'by: "classes"',
    key: "by: (item) => key",
  };
  #rows: { size: number; rows: Uint32Array } | undefined;

  /** All parts of a data set, by their names; each is built of a data set of its own, made as the given one was. */
  static of<Name extends string = "train" | "test">(
    dataset: Dataset,
    { parts, ...options }: SplitOptions & { parts?: Readonly<Record<Name, number>> } = {},
  ): Record<Name, SplitDataset> {
    const build = dataset.constructor as new (options: unknown) => Dataset;
    const all = Object.keys(parts ?? usualParts).map((part, i) => {
      const own = i === 0 ? dataset : new build(dataset.configuration.toJSON());
      return [part, new SplitDataset({ ...options, parts: parts ?? usualParts, part, dataset: own })];
    });
    return Object.fromEntries(all);
  }

  override async prepare(): Promise<void> {
    await super.prepare();
    needsSize(this, this.dataset);
    this.#checkOrder();
    const { by } = this.options;
    if (by === "items" || this.#rows?.size === this.dataset.size) return;
    const values: Value[] = [];
    for (let start = 0; start < this.dataset.size; start += 256) {
      const length = Math.min(256, this.dataset.size - start);
      const items = await this.dataset.items(Array.from({ length }, (_, i) => start + i));
      items.forEach((item, i) => values.push(this.#valueOf(item, start + i)));
    }
    this.#rows = { size: this.dataset.size, rows: this.#assign(values) };
  }

  override get size(): number {
    return this.#places.length;
  }

  /** @throws {TypeError} items in an order that is another one in each part, so that the parts would share some */
  #checkOrder(): void {
    const random = [...this.dataset.modules()].map(([, module]) => module).find((module) =>
      module instanceof ShuffleDataset || module instanceof ResampleDataset || module instanceof MixtureDataset
    );
    if (random === undefined) return;
    throw new TypeError(
      `Cannot split ${random.constructor.name}: its items come in an order of their own in each part and each pass, so that the parts would share items; split first, then shuffle, draw or mix what is in a part`,
    );
  }

  protected override route(): (i: number) => number {
    const places = this.#places;
    return (i) => places[i]!;
  }

  get #places(): Uint32Array {
    const { size } = needsSize(this, this.dataset);
    if (this.#rows?.size === size) return this.#rows.rows;
    const { by } = this.options;
    const values = by === "items" ? [] : Array.from({ length: size }, (_, i) => this.#valueOf(this.dataset.get(i), i));
    this.#rows = { size, rows: this.#assign(values) };
    return this.#rows.rows;
  }

  /** What decides where an item goes. @throws {TypeError} a key that is neither text nor a number */
  #valueOf(item: Item, i: number): Value {
    const { by } = this.options;
    if (by === "classes") return typeof item.target === "number" ? item.target : `${item.target.data}`;
    const key: unknown = (functionOf(by as never) as KeyOf)(item, i);
    if ((typeof key === "string" || typeof key === "number") && isValue(key)) return key;
    throw new TypeError(
      `Cannot split by a key: for item ${i} the function gave ${typeof key}; it takes text or a number`,
    );
  }

  #assign(values: readonly Value[]): Uint32Array {
    const { by, part, seed, shuffle } = this.options, parts = this.options.parts as Fractions;
    const how = { parts, part, seed, shuffle };
    if (by === "items") return splitBySize(this.dataset.size, how);
    return by === "classes" ? splitByClass(values, how) : splitByKey(values, how);
  }
}
