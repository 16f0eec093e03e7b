import assert from "node:assert/strict";
import { join } from "node:path";
import { postgresSchema, postgresSettings } from "../../src/store/sql/postgres_options.ts";
import { Database } from "../../src/store/sql/database.ts";
import type { Engine } from "../../src/store/sql/engine.ts";
import { PostgresEngine } from "../../src/store/sql/postgres_engine.ts";
import { SqlTable } from "../../src/store/sql/sql_table.ts";
import { SqliteEngine } from "../../src/store/sql/sqlite_engine.ts";
import { newOptions, startPostgres } from "../servers/postgres_store.ts";
import { temporary } from "./temporary.ts";

const documents = Array.from({ length: 100 }, (_, i) => ({
  _id: `${i}`,
  n: i,
  model: { units: i % 5, kind: i % 2 === 0 ? "net" : "tree" },
  at: new Date(i),
  ...(i % 10 === 0 ? { tag: "best" } : {}),
}));
const deep = { _id: "deep", n: 7, v: Array.from({ length: 600 }).reduce((inside: unknown) => [inside], 1) };

/** Filters, and how many of the 100 documents the database itself finds. */
const cases: [Record<string, unknown>, number][] = [
  [{ n: 5 }, 1],
  [{ n: { $gte: 90 } }, 10],
  [{ n: { $gte: 11, $lte: 19 } }, 9],
  [{ n: { $in: [1, 2, 300] } }, 2],
  [{ "model.units": 2, "model.kind": "net" }, 10],
  [{ tag: { $exists: true } }, 10],
  [{ tag: { $exists: false } }, 90],
  [{ tag: { $regex: "^b" } }, 10],
  [{ at: new Date(4) }, 1],
  [{ $or: [{ n: 3 }, { $and: [{ "model.units": 0 }, { n: { $lt: 49 } }] }] }, 11],
  [{ n: { $ne: 3 } }, 100],
  [{ $not: { n: 3 } }, 100],
  [{ n: { $in: Array.from({ length: 1_000 }, (_, i) => i + 99) } }, 100], // too many to ask for
];

function contract(name: string, make: () => { engine: Engine; schema?: string }): void {
  Deno.test(`${name}: the database narrows what is looked at, and takes documents that it can't look into`, async () => {
    const { engine, schema } = make();
    const database = new Database(engine, schema), table = new SqlTable(database);
    await table.write("r", documents);
    for (const [where, count] of cases) {
      assert.equal((await table.find("r", { where })).length, count, JSON.stringify(where).slice(0, 80));
    }
    await table.write("deep", [deep]);
    const found = await table.find("deep", { where: { n: 8 } });
    assert.equal(found.length, 1, "who asks looks at it");
    assert.deepEqual(await table.names(), ["deep", "r"]);
    await database.close();
  });
}

contract("SQLite", () => ({ engine: new SqliteEngine(join(temporary(), "store.sqlite")) }));

const server = await startPostgres();
if (server !== undefined) {
  contract("Postgres", () => {
    const settings = postgresSettings(postgresSchema.parse(newOptions(server)));
    return { engine: new PostgresEngine("postgres", settings), schema: settings.schema };
  });
}
