import assert from "node:assert/strict";
import { NDArray } from "../../src/module/ndarray.ts";
import type { DBInterface } from "../../src/store/db_interface.ts";
import type { JournalEntry } from "../../src/store/run/run_record.ts";

export const record = (id: string, more: Record<string, unknown> = {}) => ({
  id,
  name: id,
  created: new Date().toISOString(),
  phase: "running",
  configuration: { seed: 3 },
  provenance: { version: "1" },
  ...more,
});

export const entry = (sequence: number, payload: Record<string, unknown> = { loss: 1 / sequence }): JournalEntry => ({
  sequence,
  time: 1000 + sequence,
  trigger: "end_of_training_step",
  path: "trainer.looper",
  payload,
});

/** An array of `size` floats that begins with `first`. */
export function floats(first: number, size = 2000): NDArray<Float32Array> {
  return new NDArray("float32", [size], Float32Array.from({ length: size }, (_, i) => first + i));
}

export const checkpoint = (sequence: number, tree: Record<string, unknown>) => ({
  sequence,
  step: sequence,
  epoch: 0,
  time: "2025-01-01T00:00:00.000Z",
  reason: "test",
  tree: tree as never,
});

export const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => await Array.fromAsync(items);

/** What every store does. */
export function storeContract(name: string, make: () => DBInterface | Promise<DBInterface>): void {
  const test = (what: string, body: (db: DBInterface) => Promise<void>) =>
    Deno.test(`${name}: ${what}`, async () => {
      const db = await make();
      await body(db);
      await db.close();
    });

  test("documents come back as they were written", async (db) => {
    const document = {
      small: new NDArray("float32", [2, 2], new Float32Array([1, 2, 3, NaN])),
      large: floats(7),
      list: [NaN, -0, Infinity, 2n ** 70n, new Date(5), null, undefined, { $date: "no date" }],
      ["__proto__"]: "a key",
    };
    const [written] = await db.access({ write: { collection: "a b", document } });
    assert.equal(typeof written!._id, "string");
    const [read] = await db.access({ read: { collection: "a b" } });
    assert.deepEqual(read, { _id: written!._id, ...document });
    assert.ok(read!.large.equals(document.large));
    assert.deepEqual(await db({ read: { collection: "a b", where: { large: floats(7) } } }), [read]);
    assert.deepEqual(await db.access({ read: { collection: "a b", where: { large: floats(8) } } }), []);
    assert.deepEqual(await db.access({ read: { collection: "other" } }), []);
  });

  test("queries filter, sort, skip, limit and select", async (db) => {
    const documents = [3, 1, 2, NaN, undefined].map((score, n) => ({
      n,
      score,
      model: { units: n * 10, kind: "net" },
    }));
    await db.access({ write: { collection: "r", documents } });
    const all = { collection: "r", where: {} };
    const ids = async (query: object) => (await db.access({ query: { ...all, ...query } })).map(({ n }) => n);
    assert.deepEqual(await ids({ sort: { score: -1 } }), [0, 2, 1, 3, 4]);
    assert.deepEqual(await ids({ sort: { score: 1 }, skip: 1, limit: 3 }), [3, 1, 2]);
    assert.deepEqual(await ids({ where: { score: { $gte: 2 }, "model.units": { $lt: 20 } } }), [0]);
    const [selected] = await db.access({ query: { ...all, where: { n: 2 }, select: ["model.units"] } });
    assert.deepEqual(Object.keys(selected!), ["_id", "model"]);
    assert.deepEqual(selected!.model, { units: 20 });
  });

  test("a written _id replaces; delete gives back what it deleted", async (db) => {
    await db.access({ write: { collection: "r", documents: [{ _id: "x", v: 1 }, { _id: "y", v: 1 }] } });
    await db.access({ write: { collection: "r", document: { _id: "x", v: 2 } } });
    assert.deepEqual(await db.access({ read: { collection: "r" } }), [{ _id: "x", v: 2 }, { _id: "y", v: 1 }]);
    assert.deepEqual(await db.access({ delete: { collection: "r", where: { v: 1 } } }), [{ _id: "y" }]);
    assert.deepEqual(await db.access({ read: { collection: "r" } }), [{ _id: "x", v: 2 }]);
  });

  test("the collections that have documents are listed", async (db) => {
    assert.deepEqual(await db.access({ collections: {} }), []);
    for (const collection of ["b", "a b"]) await db.access({ write: { collection, document: { _id: "x" } } });
    assert.deepEqual(await db.access({ collections: {} }), [{ _id: "a b" }, { _id: "b" }]);
    await db.access({ delete: { collection: "b", where: {} } });
    assert.deepEqual(await db.access({ collections: {} }), [{ _id: "a b" }]);
  });

  test("documents are told apart by any text, and keep the order in which they were first written", async (db) => {
    const ids = ["", "a", "A", "a ", "é", "e\u0301", "a\u0000", "a\ud83d", "😀", "x".repeat(5_000), "x".repeat(5_001)];
    await db.access({ write: { collection: "r", documents: ids.map((_id, v) => ({ _id, v })) } });
    await db.access({
      write: { collection: "r", documents: [{ _id: "é", v: 4 }, { _id: "b", v: 1 }, { _id: "b", v: 2 }] },
    });
    await db.access({ write: { collection: "é ~ r", document: { _id: "a" } } });
    const found = await db.access({ read: { collection: "r" } });
    assert.deepEqual(found, [...ids.map((_id, v) => ({ _id, v })), { _id: "b", v: 2 }]);
    for (const [v, _id] of ids.entries()) {
      assert.deepEqual(await db.access({ query: { collection: "r", where: { _id } } }), [{ _id, v }]);
    }
  });

  test("many documents, written at once and beside each other", async (db) => {
    const some = (from: number) => Array.from({ length: 1_200 }, (_, i) => ({ _id: `${from + i}`, n: from + i }));
    await Promise.all(
      [0, 1_200, 2_400].map((from) => db.access({ write: { collection: "r", documents: some(from) } })),
    );
    assert.equal((await db.access({ read: { collection: "r" } })).length, 3_600);
    const last = await db.access({
      query: { collection: "r", where: { n: { $gte: 3_000 } }, sort: { n: -1 }, limit: 2 },
    });
    assert.deepEqual(last.map(({ n }) => n), [3_599, 3_598]);
    assert.equal((await db.access({ delete: { collection: "r", where: { n: { $lt: 3_000 } } } })).length, 3_000);
    assert.equal((await db.access({ read: { collection: "r" } })).length, 600);
  });

  test("wrong requests are named", async (db) => {
    const fails = async (request: object, error: object) => await assert.rejects(db.access(request as never), error);
    await fails({ reed: { collection: "r" } }, {
      name: "TypeError",
      message: /"reed" is no verb; did you mean "read"/,
    });
    await fails({ read: { collection: "r" }, write: {} }, { message: /exactly one of/ });
    await fails({ read: { collection: "r", limits: 3 } }, { message: /did you mean "limit"/ });
    await fails({ read: { collection: "../r" } }, { name: "RangeError", message: /has the character "\/"/ });
    await fails({ delete: { collection: "r" } }, { message: /takes a "where"/ });
    await fails({ write: { collection: "r", document: { f: () => 1 } } }, { message: /"f" of document 0/ });
  });

  test("a run's record, journal and checkpoints come back", async (db) => {
    assert.deepEqual(await db.runs.list(), []);
    assert.equal(await db.runs.find("a"), undefined);
    const run = await db.runs.create(record("a", { summary: { best: 1 } }));
    for (let i = 1; i <= 10; i++) run.append(entry(i, { loss: i === 3 ? NaN : i, array: floats(1, 2) }));
    const tree = { net: { kernel: floats(1), twin: floats(1), bias: floats(2, 3) }, at: new Date(1), epoch: 3, n: 5n };
    const { bytesWritten } = await run.save({ ...checkpoint(10, tree), modules: ["net"], scores: { loss: NaN } });
    assert.ok(bytesWritten > 8000 && bytesWritten < 10_000, `${bytesWritten}`);
    await run.update({ phase: "completed", reason: "end" });
    await run.heartbeat();
    await run.close();
    await assert.rejects(run.save(checkpoint(10, tree)), /Cannot save run "a": it is closed/);

    const again = await db.runs.open("a");
    assert.deepEqual(again.warnings, []);
    assert.equal(again.sequence, 10);
    const entries = await collect(again.entries());
    assert.equal(entries.length, 10);
    assert.deepEqual(entries[2], entry(3, { loss: NaN, array: floats(1, 2) }));
    const loaded = (await again.latest())!;
    assert.deepEqual(loaded, { ...checkpoint(10, tree), modules: ["net"], scores: { loss: NaN } });
    // deno-lint-ignore no-explicit-any
    const net = (loaded.tree as any).net;
    assert.notEqual(net.kernel.data, net.twin.data);
    assert.deepEqual((await again.checkpoints()).map(({ sequence }) => sequence), [10]);
    await again.close();
    const [listed] = await db.runs.list();
    assert.equal(listed!.phase, "completed");
    assert.equal(listed!.heartbeat!.pid, Deno.pid);
    assert.deepEqual((await db.runs.find("a"))!.configuration, { seed: 3 });
  });

  test("a long journal and large checkpoints come back", async (db) => {
    const run = await db.runs.create(record("a b~é"));
    const text = "é".repeat(1_000);
    for (let i = 1; i <= 3_000; i++) run.append(entry(i, { i, text: i % 10 === 0 ? text : "" }));
    await run.flush();
    for (let i = 3_001; i <= 3_010; i++) run.append(entry(i, { i, text }));
    const small = Array.from({ length: 30 }, (_, i) => floats(i, 1_100));
    await run.save(checkpoint(3_010, { large: floats(1, 700_000), small }));
    await run.truncate(3_005);
    run.append(entry(3_006, { i: -1, text: "after" }));
    await run.save(checkpoint(3_006, { large: floats(1, 700_000), small }));
    await run.close();
    const again = await db.runs.open("a b~é");
    assert.deepEqual(again.warnings, []);
    const entries = await collect(again.entries());
    assert.equal(entries.length, 3_006);
    assert.ok(entries.every(({ sequence, payload }, n) => sequence === n + 1 && (payload.i === n + 1 || n === 3_005)));
    assert.equal(entries[2_999]!.payload.text, text);
    const { tree } = (await again.latest())! as unknown as { tree: { large: NDArray; small: NDArray[] } };
    assert.ok(tree.large.equals(floats(1, 700_000)));
    assert.ok(tree.small.every((array, i) => array.equals(small[i])));
    await again.close();
  });

  test("truncating forgets later entries and checkpoints", async (db) => {
    const run = await db.runs.create(record("a"));
    for (let i = 1; i <= 6; i++) {
      run.append(entry(i));
      if (i % 2 === 0) await run.save(checkpoint(i, { w: floats(i) }));
    }
    assert.throws(() => run.append(entry(6)), /sequence 6 doesn't follow 6/);
    await run.truncate(4);
    assert.equal(run.sequence, 4);
    assert.equal((await run.latest())!.sequence, 4);
    run.append(entry(5, { other: true }));
    assert.deepEqual((await collect(run.entries())).map(({ sequence }) => sequence), [1, 2, 3, 4, 5]);
    await assert.rejects(run.save(checkpoint(9, {})), /sequence 9 is beyond the journal's last, 5/);
    await run.close();
  });

  test("a run is written by one and read by many", async (db) => {
    const run = await db.runs.create(record("a"));
    await assert.rejects(db.runs.open("a", { wait: 30 }), {
      name: "Busy",
      message: new RegExp(`Cannot lock run "a": this process \\(${Deno.pid}\\) has held it since`),
    });
    const reader = await db.runs.open("a", { readonly: true });
    run.append(entry(1));
    await run.save(checkpoint(1, { w: floats(1) }));
    assert.equal((await reader.latest())!.sequence, 1);
    assert.equal((await collect(reader.entries())).length, 1);
    assert.throws(() => reader.append(entry(2)), /open for reading/);
    await reader.close();
    await run.close();
    await (await db.runs.open("a", { wait: 0 })).close();
  });

  test("archive keeps what was there, copy makes a fork", async (db) => {
    const run = await db.runs.create(record("a"));
    for (let i = 1; i <= 4; i++) {
      run.append(entry(i));
      await run.save(checkpoint(i, { same: floats(0), w: floats(i) }));
    }
    await run.close();
    await db.runs.copy("a", "fork", 2);
    await assert.rejects(db.runs.copy("a", "fork", 2), /there is one already/);
    await assert.rejects(db.runs.copy("a", "b", 9), /it has no checkpoint 9/);
    await assert.rejects(db.runs.create(record("a")), /there is one already/);
    assert.equal(await db.runs.archive("a"), "a~1");
    await (await db.runs.create(record("a"))).close();
    assert.equal(await db.runs.archive("a"), "a~2");
    assert.deepEqual((await db.runs.list()).map(({ id }) => id).sort(), ["a~1", "a~2", "fork"]);

    const old = await db.runs.open("a~1");
    await old.remove([1, 2, 3, 4]); // what the fork refers to stays
    await old.close();
    const fork = await db.runs.open("fork");
    assert.deepEqual(fork.record.lineage, { run: "a", sequence: 2, step: 2 });
    assert.equal(fork.sequence, 2);
    assert.deepEqual((await fork.latest())!.tree, { same: floats(0), w: floats(2) });
    assert.deepEqual(fork.warnings, []);
    await fork.close();
  });

  test("names that can't be files are refused", async (db) => {
    for (const id of ["", ".a", "a/b", "a\\b", "a..b", "a\nb", "NUL", "com1.txt", "a:b", "a ", "a.", "x".repeat(101)]) {
      await assert.rejects(db.runs.create(record(id)), {
        name: "RangeError",
        message: /Cannot name a run .*; a name has/s,
      });
    }
    await assert.rejects(db.runs.open("nothing"), /Cannot open run "nothing": there is none/);
  });
}
