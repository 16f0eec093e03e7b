import assert from "node:assert/strict";
import { join } from "node:path";
import type { AccessRequest, Document } from "../../src/store/documents/access_request.ts";
import { collectionNames } from "../../src/store/documents/copy_documents.ts";
import type { DBInterface } from "../../src/store/db_interface.ts";
import { MemoryStore } from "../../src/store/memory_store.ts";
import { MirroredStore } from "../../src/store/mirrored_store.ts";
import { SqliteStore } from "../../src/store/sqlite_store.ts";
import { FickleStore } from "./fickle_store.ts";
import { floats } from "./store_contract.ts";
import { temporary } from "./temporary.ts";
import { until } from "./until.ts";

const mirror = (local: DBInterface, remote: DBInterface, options: object = {}) =>
  new MirroredStore({ local, remote, closing: 20, patience: 5, ...options } as never);
const localStore = (path: string) => new SqliteStore({ path });
const read = (db: DBInterface) => db.access({ read: { collection: "r" } });
const idsOf = (documents: readonly Document[]) => documents.map(({ _id }) => _id).sort();

Deno.test("two stores: a collection of which only a part came is not taken for the whole", async () => {
  const path = join(temporary(), "local.sqlite"), remote = new FickleStore();
  const documents = Array.from(
    { length: 1800 },
    (_, i) => ({ _id: `${i}`, i, ...(i % 600 === 0 && { w: floats(i) }) }),
  );
  await remote.access({ write: { collection: "r", documents } });
  for (let left = 0; left < 12; left++) {
    [remote.mode, remote.left] = ["works", left];
    const db = mirror(localStore(path), remote, { closing: 0.1 });
    await read(db);
    await db.close().catch(() => {});
  }
  [remote.mode, remote.left] = ["works", Infinity];
  const db = mirror(localStore(path), remote);
  assert.deepEqual(idsOf(await read(db)), idsOf(documents));
  assert.deepEqual(await db.access({ collections: {} }), [{ _id: "r" }]);
  await db.close();
});

Deno.test("two stores: what was written while the remote one was away joins what that has", async () => {
  const path = join(temporary(), "local.sqlite"), remote = new FickleStore();
  await remote.access({ write: { collection: "r", documents: [{ _id: "a", v: 1 }, { _id: "b", v: 1 }] } });
  remote.mode = "fails";
  const away = mirror(localStore(path), remote, { closing: 0.1 });
  await away.access({ write: { collection: "r", documents: [{ _id: "b", v: 2 }, { _id: "c", v: 2 }] } });
  await away.access({ delete: { collection: "r", where: { _id: "c" } } });
  await assert.rejects(away.close(), /Cannot bring everything to the remote store: 2 writes of documents/);
  assert.deepEqual(await collectionNames(localStore(path)), ["r"], "what is noted there is nobody else's");
  remote.mode = "works";
  const back = mirror(localStore(path), remote);
  const found = Object.fromEntries((await read(back)).map(({ _id, v }) => [_id, v]));
  assert.deepEqual(found, { a: 1, b: 2 });
  await back.close();
  assert.deepEqual(Object.fromEntries((await read(remote)).map(({ _id, v }) => [_id, v])), { a: 1, b: 2 });
});

/** Takes everything but one document. */
class Choosy extends MemoryStore {
  override async access(request: AccessRequest): Promise<Document[]> {
    const documents = "write" in request ? request.write.documents ?? [request.write.document!] : [];
    if (documents.some(({ large }) => large)) throw new RangeError("Cannot write it: it is too large");
    return await super.access(request);
  }
}

Deno.test("two stores: a document that the remote one refuses keeps none of the others from it", async () => {
  const remote = new Choosy(), db = mirror(new MemoryStore(), remote, { closing: 0.2 });
  await db.access({ write: { collection: "r", document: { _id: "no", large: true } } });
  for (let i = 0; i < 5; i++) await db.access({ write: { collection: "r", document: { _id: `${i}` } } });
  await until(async () => (await read(remote)).length === 5);
  await until(() => db.status.warnings.some((warning) => /waits on: Cannot write it: it is too large/.test(warning)));
  await db.access({ write: { collection: "r", document: { _id: "no", large: false } } });
  await until(async () => (await read(remote)).length === 6);
  await db.close();
});
