import { z } from "zod";
import { ItemKeeper, type KeptItems } from "../data/items/item_keeper.ts";
import { itemOptions } from "../data/items/item_options.ts";
import { LoadedDataset } from "../data/items/loaded_dataset.ts";
import type { Row } from "../data/reading/columns.ts";
import { shownAddress } from "../data/reading/location.ts";
import { pathOption } from "../data/reading/path_option.ts";
import { encodeValue, type Value } from "../module/value.ts";
import { postgresRows } from "./sql/postgres_rows.ts";
import { isOneQuery, isOrdered } from "./sql/sql_order.ts";
import { sqliteRows } from "./sql/sqlite_rows.ts";

const parameter = z.union([z.null(), z.boolean(), z.number(), z.string()]);

const schema = z.strictObject({
  /** An SQLite file. */
  path: pathOption.optional(),
  /** Or a Postgres database, `postgres://user@host:5432/database`; its password as `${NAME}`, or in PGPASSWORD. */
  url: pathOption.regex(/^postgres(ql)?:\/\//, "expected an address as postgres://user@host:5432/database")
    .optional(),
  /** One query, with `?` (in Postgres `$1`, `$2`, ...) where a parameter stands. */
  query: z.string(),
  /** What stands for the parameters, in their order. They are bound: none is read as SQL. */
  parameters: z.array(parameter).readonly().default([]),
  /** Whether the query need not say in which order its rows come: they are then sorted by what they hold. */
  anyOrder: z.boolean().default(false),
  ...itemOptions,
}).superRefine(({ path, url, query, anyOrder }, context) => {
  if ((path === undefined) === (url === undefined)) {
    const message = `give the path of an SQLite file or the url of a Postgres database${
      path === undefined ? "" : ", not both"
    }`;
    context.addIssue({ code: "custom", path: ["path"], message });
  }
  const message = !isOneQuery(query)
    ? "it takes one query that reads, as SELECT ... FROM ... ORDER BY ..."
    : anyOrder || isOrdered(query)
    ? undefined
    : "nothing says in which order its rows come, and a run could not go on with the same ones; add ORDER BY a key, or set anyOrder";
  if (message !== undefined) context.addIssue({ code: "custom", path: ["query"], message });
});

/**
 * The rows that an SQL query finds, in an SQLite file or a Postgres database, as items: `input` and `target` name columns, as in a RowDataset. Nothing is written:
 * the database is opened to be read. The query must say in which order its rows come, by what tells them apart
 * (`ORDER BY id`), so that a run goes on with the very same ones; it is read once, by `prepare()`.
 *
 * @example
 * ```ts
 * import { SqlDataset } from "ptutils";
 * import { DatabaseSync } from "node:sqlite";
 * const path = `${await Deno.makeTempDir()}/flowers.db`;
 * const db = new DatabaseSync(path);
 * db.exec("create table flowers (id integer primary key, petal real, name text)");
 * db.exec("insert into flowers (petal, name) values (1.4, 'setosa'), (4.7, 'versicolor')");
 * db.close();
 * const flowers = await SqlDataset.configure({
 *   path,
 *   query: "SELECT petal, name FROM flowers WHERE petal > ? ORDER BY id",
 *   parameters: [1],
 *   target: "name",
 * });
 * if (flowers.size !== 2 || flowers(1).target !== 1) throw new Error("unexpected");
 * ```
 */
export class SqlDataset extends LoadedDataset<typeof schema> {
  static override schema: z.ZodObject = schema;
  static instead: Readonly<Record<string, string>> = {
    sql: "query",
    address: "url",
    store: "path of an SQLite file, or url of a Postgres database",
  };

  protected override get source(): string {
    const { path, url } = this.options;
    return `the query of "${path ?? shownAddress(url!)}"`;
  }

  protected override async load(): Promise<KeptItems> {
    const { path, url, query, parameters, anyOrder } = this.options;
    const keeper = new ItemKeeper(this.source, this.options);
    const blocks = path === undefined ? postgresRows(url!, query, parameters) : sqliteRows(path, query, parameters);
    if (anyOrder) keeper.take(sortedByContent((await Array.fromAsync(blocks)).flat()) as Value);
    else for await (const rows of blocks) keeper.take(rows as Value);
    return keeper.finish();
  }
}

function sortedByContent(rows: readonly Row[]): Row[] {
  const keyed = rows.map((row) => ({ row, key: JSON.stringify(encodeValue(row as Value)) }));
  return keyed.sort((a, b) => a.key < b.key ? -1 : a.key > b.key ? 1 : 0).map(({ row }) => row);
}
