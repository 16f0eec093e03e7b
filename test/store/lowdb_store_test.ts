import assert from "node:assert/strict";
import { join } from "node:path";
import { stringify } from "../../src/codec/safetensors.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { formatBlob } from "../../src/store/blobs/blob_file.ts";
import { LowdbStore } from "../../src/store/lowdb_store.ts";
import { temporary } from "./temporary.ts";
import { filterContract } from "./filter_contract.ts";
import { checkpoint, entry, floats, record, storeContract } from "./store_contract.ts";

const names = (path: string) => [...Deno.readDirSync(path)].map(({ name }) => name).sort();

storeContract("LowdbStore", () => new LowdbStore({ path: join(temporary(), "store") }));
filterContract("LowdbStore", () => new LowdbStore({ path: join(temporary(), "store") }));

Deno.test("LowdbStore makes nothing before the first write", async () => {
  const path = join(temporary(), "store");
  const db = new LowdbStore({ path });
  assert.deepEqual(await db.runs.list(), []);
  assert.equal(await db.runs.find("a"), undefined);
  assert.deepEqual(await db.access({ delete: { collection: "r", where: {} } }), []);
  await assert.rejects(db.runs.open("a"));
  assert.throws(() => Deno.statSync(path), Deno.errors.NotFound);
});

Deno.test("LowdbStore is a Module configured by its path", async () => {
  const db = new LowdbStore({ path: temporary() });
  assert.deepEqual(Object.keys(await db.state()), []);
  assert.throws(() => new LowdbStore({ pth: "x" } as never), /path/);
});

Deno.test("unchanged tensors are not written again, unreferenced ones are swept", async () => {
  const path = temporary();
  const run = await new LowdbStore({ path }).runs.create(record("a"));
  const save = async (sequence: number, w: number) => {
    run.append(entry(sequence));
    return (await run.save(checkpoint(sequence, { frozen: floats(0, 100_000), w: floats(w) }))).bytesWritten;
  };
  assert.ok(await save(1, 1) > 400_000);
  assert.ok(await save(2, 2) < 10_000);
  assert.equal(names(join(path, "blobs")).length, 3);
  await run.remove([1]);
  await run.close();
  assert.equal(names(join(path, "blobs")).length, 2);
});

Deno.test("a blob is the file that the safetensors codec writes", () => {
  for (const dtype of ["bool", "int8", "uint16", "float16", "float32", "float64", "int64"] as const) {
    const array = new NDArray(dtype, [2, 3]);
    assert.deepEqual(new Uint8Array(formatBlob(array).flatMap((part) => [...part])), stringify({ array }));
  }
});

Deno.test("documents' blobs survive the sweeping of checkpoints and go with their document", async () => {
  const path = temporary();
  const db = new LowdbStore({ path });
  await db.access({ write: { collection: "r", document: { weights: floats(5) } } });
  const run = await db.runs.create(record("a"));
  run.append(entry(1));
  await run.save(checkpoint(1, { w: floats(1) }));
  await run.remove([1]);
  assert.equal(names(join(path, "blobs")).length, 1);
  assert.ok((await db.access({ read: { collection: "r" } }))[0]!.weights.equals(floats(5)));
  await db.access({ delete: { collection: "r", where: {} } });
  await run.close();
  assert.equal(names(join(path, "blobs")).length, 0);
});

Deno.test("index.json deleted or damaged is made anew from the folders", async () => {
  const path = temporary();
  for (const id of ["a", "b"]) await (await new LowdbStore({ path }).runs.create(record(id))).close();
  for (
    const spoil of [
      () => Deno.removeSync(join(path, "index.json")),
      () => Deno.writeTextFileSync(join(path, "index.json"), "{"),
    ]
  ) {
    spoil();
    const db = new LowdbStore({ path });
    assert.deepEqual((await db.runs.list()).map(({ id }) => id), ["a", "b"]);
    assert.match(db.runs.warnings.join(), /index.json was (missing|damaged): it is made anew/);
    await (await db.runs.open("a")).close();
    assert.deepEqual(Object.keys(JSON.parse(Deno.readTextFileSync(join(path, "index.json"))).runs), ["a", "b"]);
    const healed = new LowdbStore({ path });
    await healed.runs.list();
    assert.deepEqual(healed.runs.warnings, []);
  }
});

Deno.test("a store path that is a file is a clear error", async () => {
  const path = join(temporary(), "file");
  Deno.writeTextFileSync(path, "");
  const db = new LowdbStore({ path });
  await assert.rejects(db.runs.list(), {
    message: /Cannot read ".*": a part of that path is a file \(ENOTDIR\); give/,
  });
  await assert.rejects(db.runs.create(record("a")), { message: /a part of that path is a file/ });
  await assert.rejects(db.access({ write: { collection: "r", document: {} } }), { message: /path is a file/ });
});

Deno.test("a folder that can't be written is a clear error", async () => {
  const path = temporary();
  Deno.chmodSync(path, 0o555);
  if (Deno.uid() === 0) {
    console.log("read-only folder: not tried by mode, for root ignores modes; by /proc instead");
    await assert.rejects(
      new LowdbStore({ path: "/proc/1/store" }).runs.create(record("a")),
      /Cannot (write|lock) "\/proc/,
    );
    return;
  }
  await assert.rejects(new LowdbStore({ path }).runs.create(record("a")), {
    message: /it may not be accessed \(EACCES\)/,
  });
});
