import assert from "node:assert/strict";
import { MemoryStore, MirroredStore, PostgresStore, S3Blobs, SqliteStore } from "../../../mod.ts";

Deno.test("access: what is wanted of documents, as MongoDB writes it", async () => {
  const db = new MemoryStore(), query = (more: object) => db.access({ query: { collection: "c", ...more } });
  await db.access({ write: { collection: "c", document: { _id: "x", a: 1, b: { c: 2, d: 3 } } } });
  assert.deepEqual(await query({ projection: { a: 1, "b.c": 1 } }), [{ _id: "x", a: 1, b: { c: 2 } }]);
  assert.deepEqual(await query({ projection: { a: 1 } }), await query({ select: ["a"] }));
  await assert.rejects(query({ projection: { a: 0 } }), /"projection" takes what is wanted, as \{ score: 1 \}/);
  await assert.rejects(query({ projection: { a: 1 }, select: ["a"] }), /"select" or "projection", found both/);
});

Deno.test("access: what is done elsewhere by other words leads to ours", async () => {
  const db = new MemoryStore(),
    fails = (request: object, message: RegExp) =>
      assert.rejects(db.access(request as never), { name: "TypeError", message });
  await fails(
    { write: { collection: "c", where: {}, document: {} } },
    /takes no "where"; write a document with the _id/,
  );
  await fails({ read: { collection: "c", id: "x" } }, /takes no "id"; give where: \{ _id \}/);
  await fails({ query: { collection: "c", filter: {} } }, /takes no "filter"; give where/);
  await fails({ query: { collection: "c", wher: {} } }, /takes no "wher"; did you mean "where"/);
  await fails({ query: { collection: "c", sort: "-a" } }, /Cannot sort by/);
});

Deno.test("stores: what is written elsewhere for an option leads to ours", () => {
  const fails = (make: () => unknown, message: RegExp) => assert.throws(make, { name: "TypeError", message });
  fails(() => new SqliteStore({ path: ":memory:" }), /path: it is a file's; take a MemoryStore/);
  fails(() => new PostgresStore({ connectionString: "x" } as never), /"connectionString"; write url/);
  fails(() => new PostgresStore({ password: "hidden" } as never), /^(?![^]*hidden).*set PGPASSWORD, or/);
  fails(() => new MirroredStore({ fast: {}, durable: {} } as never), /"fast"; write local[^]*"durable"; write remote/);
  assert.match(new S3Blobs({ bucket: "lab", prefix: "ada" }).configuration.toJSON().prefix as string, /^ada\/$/);
});
