import { z } from "zod";
import { type Cell, columnOf, type Row } from "../data/reading/columns.ts";
import { ItemKeeper, type KeptItems } from "../data/items/item_keeper.ts";
import { itemOptions } from "../data/items/item_options.ts";
import { LoadedDataset } from "../data/items/loaded_dataset.ts";
import { isNDArray, NDArray } from "../module/ndarray.ts";
import { slot } from "../module/slot.ts";
import { suggest } from "../module/text.ts";
import { isRecord, type Value } from "../module/value.ts";
import type { Document, Query } from "./documents/access_request.ts";
import { DBInterface } from "./db_interface.ts";
import { valueAt } from "./documents/filter.ts";
import { filterOption } from "./documents/filter_option.ts";
import { LowdbStore } from "./lowdb_store.ts";
import { stores } from "./stores.ts";

const schema = z.strictObject({
  /** The store that has the documents. */
  dbInterface: slot(DBInterface, stores, LowdbStore),
  /** Which documents. Without `sort` they come in the order in which they were first written. */
  query: z.strictObject({
    collection: z.string(),
    where: filterOption.optional(),
    sort: z.record(z.string(), z.union([z.literal(1), z.literal(-1)])).optional(),
    skip: z.int().nonnegative().optional(),
    limit: z.int().positive().optional(),
  }),
  ...itemOptions,
});

/**
 * The documents of a store that fit a query as items: `input` and `target` are dotted paths in them, to numbers, lists
 * of numbers, NDArrays; a target may be a text, the name of a class. They are read once, by `prepare()`: what is written
 * later is not among them, and a run that goes on with other documents is warned by their digest.
 *
 * @example
 * ```ts
 * import { MemoryStore, QueryDataset } from "ptutils";
 * const db = new MemoryStore();
 * const documents = [{ size: { petal: 1.4 }, name: "setosa" }, { size: { petal: 4.7 }, name: "versicolor" }];
 * await db.access({ write: { collection: "flowers", documents } });
 * const flowers = await QueryDataset.configure({
 *   dbInterface: db,
 *   query: { collection: "flowers", where: { "size.petal": { $gt: 2 } } },
 *   input: ["size.petal"],
 *   target: "name",
 * });
 * if (flowers.size !== 1 || `${flowers.classes}` !== "versicolor") throw new Error("unexpected");
 * ```
 */
export class QueryDataset extends LoadedDataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  static instead: Readonly<Record<string, string>> = {
    store: "dbInterface",
    collection: "query: { collection, where }",
    where: "query: { collection, where }",
  };

  protected override get source(): string {
    return `the query of "${this.options.query.collection}"`;
  }

  protected override async load(): Promise<KeptItems> {
    const { dbInterface, query, input, target } = this.options, keeper = new ItemKeeper(this.source, this.options);
    const paths = input === undefined ? undefined : [input, target].flat();
    const db = dbInterface.build();
    try {
      const documents = await db.access({ query: { ...query as Query, select: paths } });
      for (const path of paths ?? []) await this.#checkPath(path, documents, db);
      keeper.take(documents.map((document, i) => this.#row(document, i, paths)) as Value);
    } finally {
      if (!dbInterface.given) await db.close();
    }
    return keeper.finish();
  }

  /** @throws {RangeError} a path that no document has */
  async #checkPath(path: string, documents: readonly Document[], db: DBInterface): Promise<void> {
    if (documents.length === 0 || documents.some((document) => valueAt(document, path) !== undefined)) return;
    const { collection, where } = this.options.query;
    const [first] = await db.access({ query: { collection, where, limit: 1 } });
    throw new RangeError(
      `Cannot find "${path}" in any document of ${this.source}: ${suggest(path, pathsIn(first ?? {}))}`,
    );
  }

  /** The cells at some paths; without any, all that the document has but its id. */
  #row(document: Document, i: number, paths: readonly string[] | undefined): Row {
    const names = paths ?? Object.keys(document).filter((key) => key !== "_id");
    return Object.fromEntries(names.map((path) => [path, this.#cell(valueAt(document, path), path, i)]));
  }

  #cell(value: unknown, path: string, i: number): Cell {
    if (Array.isArray(value)) {
      const numbers = columnOf(value as Cell[]);
      if (isNDArray(numbers)) return new NDArray("float32", numbers.shape, Array.from(numbers.data, Number));
    }
    if (!Array.isArray(value) && !isRecord(value)) return value as Cell;
    throw new TypeError(
      `Cannot use "${path}" in document ${i + 1} of ${this.source}: it is ${
        isRecord(value) ? `a record of ${Object.keys(value).map((key) => `"${path}.${key}"`).join(", ")}` : "a list"
      }; name the path of a number, a list of numbers, an NDArray or a text`,
    );
  }
}

/** The dotted paths of a document's values. */
const pathsIn = (document: Document): string[] =>
  Object.entries(document).flatMap(([key, value]) =>
    isRecord(value) ? pathsIn(value).map((path) => `${key}.${path}`) : [key]
  );
