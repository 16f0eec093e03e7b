import assert from "node:assert/strict";
import { join } from "node:path";
import { copyDocuments } from "../../../src/store/documents/copy_documents.ts";
import { copyRuns } from "../../../src/store/run/copy_runs.ts";
import type { DBInterface } from "../../../src/store/db_interface.ts";
import { LowdbStore } from "../../../src/store/lowdb_store.ts";
import { MemoryStore } from "../../../src/store/memory_store.ts";
import { SqliteStore } from "../../../src/store/sqlite_store.ts";
import { FickleStore } from "../fickle_store.ts";
import { checkpoint, collect, entry, floats, record } from "../store_contract.ts";
import { temporary } from "../temporary.ts";

const values = { nan: NaN, big: 2n ** 70n, date: new Date(5), list: [-0, Infinity, undefined] };

async function filled(db: DBInterface): Promise<DBInterface> {
  const run = await db.runs.create(record("a", { phase: "completed", summary: { step: 9 } }));
  for (let i = 1; i <= 9; i++) {
    run.append(entry(i, i === 5 ? values : { loss: 1 / i }));
    if (i % 3 === 0) {
      await run.save({ ...checkpoint(i, { w: floats(i), same: floats(0), ...values }), tags: [`t${i}`] });
    }
  }
  await run.close();
  await db.runs.copy("a", "fork", 6);
  return db;
}

async function contentOf(db: DBInterface, id: string) {
  const run = await db.runs.open(id, { readonly: true });
  const { heartbeat: _, ...record } = run.record;
  const checkpoints = [];
  for (const { sequence } of await run.checkpoints()) checkpoints.push(await run.load(sequence));
  const content = { record, entries: await collect(run.entries()), checkpoints };
  await run.close();
  return content;
}

const stores: Record<string, () => DBInterface> = {
  LowdbStore: () => new LowdbStore({ path: join(temporary(), "store") }),
  MemoryStore: () => new MemoryStore(),
  SqliteStore: () => new SqliteStore({ path: join(temporary(), "runs.sqlite") }),
};

for (const [source, makeFrom] of Object.entries(stores)) {
  for (const [target, makeTo] of Object.entries(stores)) {
    Deno.test(`runs are copied from ${source} to ${target}, and again`, async () => {
      const [from, to] = [await filled(makeFrom()), makeTo()];
      const first = await copyRuns(from, to);
      assert.deepEqual(first.map(({ id, outcome, entries, checkpoints }) => [id, outcome, entries, checkpoints]), [
        ["a", "copied", 9, 3],
        ["fork", "copied", 6, 1],
      ]);
      for (const id of ["a", "fork"]) assert.deepEqual(await contentOf(to, id), await contentOf(from, id));
      const again = await copyRuns(from, to);
      assert.deepEqual(again.map(({ outcome }) => outcome), ["same", "same"]);
      await from.close();
      await to.close();
    });
  }
}

Deno.test("a copy that is cut off at any request goes on when it is made again", async () => {
  const from = await filled(new MemoryStore());
  for (let left = 0; left < 80; left++) {
    const to = new FickleStore();
    to.left = left;
    const cut = await copyRuns(from, to).then(() => false, (error) => {
      assert.match(error.message, /the wire is cut/);
      return true;
    });
    [to.left, to.mode] = [Infinity, "works"];
    await copyRuns(from, to);
    for (const id of ["a", "fork"]) assert.deepEqual(await contentOf(to, id), await contentOf(from, id), `${left}`);
    if (!cut) return;
  }
  assert.fail("it takes more requests than were tried");
});

Deno.test("a run that went on is completed; one that went on there is left as it is", async () => {
  const from = await filled(new MemoryStore()), to = new MemoryStore();
  await copyRuns(from, to);
  const goOn = async (db: DBInterface, payload: object) => {
    const run = await db.runs.open("a");
    run.append(entry(run.sequence + 1, payload as never));
    await run.save(checkpoint(run.sequence, { w: floats(run.sequence) }));
    await run.update({ reason: "longer" });
    await run.close();
  };
  await goOn(from, { by: "from" });
  const [completed] = await copyRuns(from, to, { ids: ["a"] });
  assert.deepEqual([completed!.outcome, completed!.entries, completed!.checkpoints], ["completed", 1, 1]);
  await goOn(to, { by: "to" });
  const before = await contentOf(to, "a");
  assert.equal((await copyRuns(from, to, { ids: ["a"] }))[0]!.outcome, "newer");
  assert.deepEqual(await contentOf(to, "a"), before);
  await goOn(from, { by: "from, too" });
  await assert.rejects(copyRuns(from, to, { ids: ["a"] }), {
    name: "RangeError",
    message: /Cannot copy run "a": the one there went on differently after entry 10 .* --as NAME.* --archive/,
  });
  assert.deepEqual(await contentOf(to, "a"), before);
  const [archived] = await copyRuns(from, to, { ids: ["a"], archive: true });
  assert.equal(archived!.archived, "a~1");
  assert.deepEqual((await contentOf(to, "a~1")).entries, before.entries);
  assert.deepEqual(await contentOf(to, "a"), await contentOf(from, "a"));
});

Deno.test("where two journals are the same, the newer record stands", async () => {
  for (const [source, makeFrom] of Object.entries(stores)) {
    const [from, to] = [await filled(makeFrom()), new MemoryStore()];
    await copyRuns(from, to, { ids: ["a"] });
    const change = async (db: DBInterface, reason: string) => {
      await new Promise((resolve) => setTimeout(resolve, 2)); // the next millisecond at least
      const run = await db.runs.open("a");
      await run.update({ reason });
      await run.close();
    };
    await change(from, "older");
    await change(to, "newer");
    const { record } = await contentOf(to, "a");
    assert.deepEqual((await copyRuns(from, to, { ids: ["a"] })).map(({ outcome }) => outcome), ["newer"], source);
    assert.deepEqual((await contentOf(to, "a")).record, record);
    await change(from, "newest");
    assert.deepEqual((await copyRuns(from, to, { ids: ["a"] })).map(({ outcome }) => outcome), ["same"], source);
    assert.equal((await contentOf(to, "a")).record.reason, "newest");
    await from.close();
  }
});

Deno.test("what a run's journal has after its last checkpoint keeps no copy from being completed", async () => {
  const from = await filled(new MemoryStore()), to = new MemoryStore();
  const end = async (db: DBInterface, steps: number, updated: string) => {
    const run = await db.runs.open("a");
    await run.truncate((await run.latest())!.sequence);
    for (let i = 0; i < steps; i++) run.append(entry(run.sequence + 1, { steps }));
    if (steps > 0) await run.save(checkpoint(run.sequence, { w: floats(run.sequence) }));
    run.append(entry(run.sequence + 1, { end: updated }));
    await run.update({ updated, reason: `${steps} more` });
    await run.close();
  };
  const copied = async (source: DBInterface, target: DBInterface) => {
    const [report] = await copyRuns(source, target, { ids: ["a"] });
    return [report!.outcome, report!.entries, report!.checkpoints];
  };
  await end(from, 0, "2026-01-01T00:00:00.000Z");
  await copyRuns(from, to);
  await end(from, 2, "2026-01-02T00:00:00.000Z");
  assert.deepEqual(await copied(from, to), ["completed", 3, 1], "it went on");
  assert.deepEqual(await contentOf(to, "a"), await contentOf(from, "a"));
  await end(to, 3, "2026-01-03T00:00:00.000Z");
  assert.deepEqual(await copied(from, to), ["newer", 0, 0], "the copy went on");
  assert.deepEqual(await copied(to, from), ["completed", 4, 1], "and comes back");
  assert.deepEqual(await contentOf(from, "a"), await contentOf(to, "a"));
  await end(from, 0, "2026-01-04T00:00:00.000Z");
  assert.deepEqual(await copied(from, to), ["completed", 1, 0], "it only ended otherwise");
  await end(to, 0, "2026-01-05T00:00:00.000Z");
  assert.deepEqual(await copied(from, to), ["newer", 0, 0]);
});

Deno.test("a run that is refused keeps none of the others from being copied, if that is heard of", async () => {
  const from = await filled(new MemoryStore()), to = new MemoryStore();
  await (await to.runs.create(record("a", { created: "2020-01-01T00:00:00.000Z" }))).close();
  const refused: string[] = [];
  const reports = await copyRuns(from, to, { refused: ({ message }) => void refused.push(message) });
  assert.deepEqual(reports.map(({ id, outcome }) => [id, outcome]), [["fork", "copied"]]);
  assert.equal(refused.length, 1);
  assert.match(refused[0]!, /Cannot copy run "a" to a MemoryStore: there is another run "a" there/);
});

Deno.test("another run of the same name is never overwritten", async () => {
  const from = await filled(new MemoryStore()), to = new MemoryStore();
  const other = await to.runs.create(record("a", { created: "2020-01-01T00:00:00.000Z", configuration: { seed: 9 } }));
  other.append(entry(1, { mine: true }));
  await other.close();
  const before = await contentOf(to, "a");
  await assert.rejects(copyRuns(from, to, { ids: ["a"] }), {
    name: "RangeError",
    message: /Cannot copy run "a" to a MemoryStore: there is another run "a" there, created 2020-01-01.*--as NAME/,
  });
  assert.deepEqual(await contentOf(to, "a"), before);
  const [renamed] = await copyRuns(from, to, { ids: ["a"], as: "b" });
  assert.deepEqual([renamed!.as, (await to.runs.find("b"))!.name], ["b", "b"]);
  assert.equal((await copyRuns(from, to, { ids: ["a"], as: "b" }))[0]!.outcome, "same");
  await assert.rejects(copyRuns(from, to, { as: "c" }), /Cannot copy 2 runs under one name "c"/);
});

Deno.test("runs are chosen by a query; a damaged checkpoint is named, and the rest is copied", async () => {
  const path = join(temporary(), "store");
  const from = await filled(new LowdbStore({ path })), to = new MemoryStore();
  const file = join(path, "runs/a/checkpoints/6.json");
  Deno.writeTextFileSync(file, Deno.readTextFileSync(file).replace("t6", "tX"));
  const [report, ...others] = await copyRuns(from, to, { where: { id: { $regex: "^a" } } });
  assert.equal(others.length, 0);
  assert.deepEqual([report!.checkpoints, [...report!.unreadable.keys()]], [2, [6]]);
  assert.match(report!.unreadable.get(6)!, /checksum/);
});

Deno.test("a checkpoint that is damaged where it was copied to is written again", async () => {
  const path = join(temporary(), "store");
  const from = await filled(new MemoryStore()), to = new LowdbStore({ path });
  await copyRuns(from, to);
  for (const { name } of Deno.readDirSync(join(path, "blobs"))) {
    const blob = join(path, "blobs", name), bytes = Deno.readFileSync(blob);
    bytes[bytes.length - 1]! ^= 1;
    Deno.writeFileSync(blob, bytes);
  }
  assert.equal((await copyRuns(from, to, { ids: ["a"] }))[0]!.checkpoints, 3);
  assert.deepEqual(await contentOf(to, "a"), await contentOf(from, "a"));
});

Deno.test("documents are copied once, and none that is there is changed", async () => {
  const from = new MemoryStore(), to = new MemoryStore();
  const documents = Array.from(
    { length: 1200 },
    (_, i) => ({ _id: `${i}`, i, ...(i % 400 === 0 ? { w: floats(i) } : {}) }),
  );
  await from.access({ write: { collection: "r", documents } });
  await to.access({ write: { collection: "r", documents: [documents[3]!, { _id: "4", mine: true }] } });
  assert.deepEqual(await copyDocuments(from, to, "r"), { collection: "r", written: 1198, differing: ["4"] });
  assert.deepEqual(await copyDocuments(from, to, "r"), { collection: "r", written: 0, differing: ["4"] });
  const there = await to.access({ read: { collection: "r", sort: { i: 1 } } });
  assert.equal(there.length, 1200);
  assert.ok(there.find(({ _id }) => _id === "800")!.w.equals(floats(800)));
  assert.deepEqual(there.find(({ _id }) => _id === "4"), { _id: "4", mine: true });
});
