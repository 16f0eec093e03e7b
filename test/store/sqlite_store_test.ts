import assert from "node:assert/strict";
import { join } from "node:path";
import { SqliteStore } from "../../src/store/sqlite_store.ts";
import { filterContract } from "./filter_contract.ts";
import { record, storeContract } from "./store_contract.ts";
import { temporary } from "./temporary.ts";

const make = () => new SqliteStore({ path: join(temporary(), "store.sqlite") });

storeContract("SqliteStore", make);
filterContract("SqliteStore", make);

Deno.test("SqliteStore makes nothing before the first write", async () => {
  const folder = join(temporary(), "store");
  const db = new SqliteStore({ path: join(folder, "store.sqlite") });
  assert.deepEqual(await db.runs.list(), []);
  assert.equal(await db.runs.find("a"), undefined);
  assert.deepEqual(await db.access({ delete: { collection: "r", where: {} } }), []);
  await assert.rejects(db.runs.open("a"), /there is none/);
  assert.throws(() => Deno.statSync(folder), Deno.errors.NotFound);
  await db.close();
});

Deno.test("SqliteStore goes on after it was closed", async () => {
  const db = make();
  await db.access({ write: { collection: "r", document: { _id: "a" } } });
  await db.close();
  await db.close();
  assert.deepEqual(await db.access({ read: { collection: "r" } }), [{ _id: "a" }]);
  await (await db.runs.create(record("a"))).close();
  await db.close();
  assert.equal((await db.runs.list()).length, 1);
  await db.close();
});

Deno.test("a file that is no database, a folder, one of a newer version: each is a clear error", async () => {
  const path = join(temporary(), "file");
  Deno.writeTextFileSync(path, "this is no database, but a text that is long enough to look like one".repeat(20));
  const access = (path: string) => new SqliteStore({ path }).access({ read: { collection: "r" } });
  await assert.rejects(access(path), /Cannot read "r" in ".*file": it is no SQLite database .*; give another path/);
  await assert.rejects(access(temporary()), /Cannot read .*: it can't be opened .*; give the path of a file/);
  const db = make();
  await db.access({ write: { collection: "r", document: {} } });
  await db.close();
  const { DatabaseSync } = await import("node:sqlite");
  const plain = new DatabaseSync(db.location);
  plain.exec(`insert into ptutils_migrations values ('9_future', '2100-01-01')`);
  plain.close();
  await assert.rejects(access(db.location), /tables were made by a newer version of PTUtils \("9_future"\); update/);
});
