import assert from "node:assert/strict";
import { join } from "node:path";
import type { DBInterface } from "../../src/store/db_interface.ts";
import { LowdbStore } from "../../src/store/lowdb_store.ts";
import { MemoryStore } from "../../src/store/memory_store.ts";
import { MirroredStore } from "../../src/store/mirrored_store.ts";
import { FickleStore } from "./fickle_store.ts";
import { checkpoint, collect, entry, floats, record, storeContract } from "./store_contract.ts";
import { runQueryContract } from "./run_query_contract.ts";
import { filterContract } from "./filter_contract.ts";
import { temporary } from "./temporary.ts";
import { until } from "./until.ts";

const mirror = (local: DBInterface, remote: DBInterface, options: object = {}) =>
  new MirroredStore({ local, remote, closing: 20, patience: 2, ...options } as never);
const two = () => mirror(new LowdbStore({ path: join(temporary(), "store") }), new MemoryStore());

storeContract("MirroredStore", two);
runQueryContract("MirroredStore", two);
filterContract("MirroredStore", two);

/** A run's whole content, as one would find it in a store. */
async function contentOf(db: DBInterface, id: string) {
  const run = await db.runs.open(id, { readonly: true });
  const { heartbeat: _, mirrored: __, ...record } = run.record;
  const checkpoints = [];
  for (const { sequence } of await run.checkpoints()) checkpoints.push(await run.load(sequence));
  const content = { record, entries: await collect(run.entries()), checkpoints };
  await run.close();
  return content;
}

async function assertSame(local: DBInterface, remote: DBInterface): Promise<void> {
  const ids = (await local.runs.list()).map(({ id }) => id);
  assert.deepEqual((await remote.runs.list()).map(({ id }) => id), ids);
  for (const id of ids) assert.deepEqual(await contentOf(remote, id), await contentOf(local, id), id);
}

Deno.test("two stores: everything that happens to a run is in both", async () => {
  const [local, remote] = [new MemoryStore(), new MemoryStore()];
  const db = mirror(local, remote);
  const run = await db.runs.create(record("a"));
  for (let i = 1; i <= 20; i++) {
    run.append(entry(i));
    if (i % 5 === 0) await run.save(checkpoint(i, { w: floats(i), same: floats(0) }));
  }
  await until(async () => (await remote.runs.find("a")) !== undefined);
  await run.truncate(12);
  for (let i = 13; i <= 18; i++) run.append(entry(i, { again: i }));
  await run.save(checkpoint(18, { w: floats(18) }));
  await run.remove([5]);
  await run.update({ phase: "completed", reason: "end" });
  await run.close();
  assert.deepEqual(run.warnings, []);
  await assertSame(local, remote);
  await db.runs.copy("a", "fork", 18);
  assert.equal(await db.runs.archive("a"), "a~1");
  await (await db.runs.create(record("a", { configuration: { seed: 4 } }))).close();
  await db.close();
  await assertSame(local, remote);
  assert.deepEqual((await remote.runs.find("a"))!.configuration, { seed: 4 });
});

for (const bound of [10_000, 7]) {
  Deno.test(`two stores: cut off in the middle, the remote one catches up (at most ${bound} entries in memory)`, async () => {
    const [local, remote] = [new MemoryStore(), new FickleStore()];
    const db = mirror(local, remote, { queue: bound });
    const run = await db.runs.create(record("a"));
    for (let i = 1; i <= 60; i++) {
      if (i === 20) remote.mode = "fails";
      if (i === 45) remote.mode = "works";
      run.append(entry(i));
      if (i % 5 === 0) await run.save(checkpoint(i, { w: floats(i) }));
      if (i % 15 === 0) await run.remove((await run.checkpoints()).slice(0, -2).map(({ sequence }) => sequence));
      if (i === 30) await until(() => run.warnings.length > 0);
    }
    await run.close();
    assert.match(run.warnings.join("\n"), /the remote store \(fickle\) takes nothing since .*: the wire is cut/);
    assert.match(run.warnings.join("\n"), /is reached again: what is missing there follows/);
    remote.mode = "works";
    await db.close();
    await assertSame(local, remote);
  });
}

Deno.test("two stores: what could not be shipped when it was closed is told, and follows at the next opening", async () => {
  const path = join(temporary(), "store"), remote = new FickleStore();
  const first = mirror(new LowdbStore({ path }), remote, { closing: 0.2 });
  const run = await first.runs.create(record("a"));
  run.append(entry(1));
  await until(async () => (await remote.runs.find("a")) !== undefined);
  remote.mode = "fails";
  run.append(entry(2));
  await run.save(checkpoint(2, { w: floats(2) }));
  await first.access({ write: { collection: "r", documents: [{ _id: "x", v: 1 }, { _id: "y", w: floats(3) }] } });
  await first.access({ delete: { collection: "r", where: { _id: "x" } } });
  await run.close();
  assert.match(run.warnings.join("\n"), /run "a" is not whole in fickle yet: \d entries of its journal/);
  await assert.rejects(first.close(), {
    message: /Cannot bring everything to the remote store: run "a", 2 writes of documents did not get there in 0.2 s/,
  });
  remote.mode = "works";
  const second = mirror(new LowdbStore({ path }), remote);
  await second.runs.list();
  await second.close();
  await assertSame(new LowdbStore({ path }), remote);
  const documents = await remote.access({ read: { collection: "r" } });
  assert.deepEqual(documents.map(({ _id }) => _id), ["y"]);
  assert.deepEqual(await remote.access({ collections: {} }), [{ _id: "r" }]);
});

Deno.test("two stores: with whenUnreachable pause, saving asks to wait, and the checkpoint is safe", async () => {
  const [local, remote] = [new MemoryStore(), new FickleStore()];
  const db = mirror(local, remote, { whenUnreachable: "pause", closing: 5 });
  const run = await db.runs.create(record("a"));
  run.append(entry(1));
  remote.mode = "fails";
  await until(async () => {
    const error = await run.save(checkpoint(1, { w: floats(1) })).then(() => undefined, (error) => error);
    return error?.name === "Unreached" && /takes nothing since .* what it lacks is safe in/.test(error.message);
  });
  assert.equal((await local.runs.open("a", { readonly: true })).sequence, 1);
  remote.mode = "works";
  await until(() => run.save(checkpoint(1, { w: floats(1) })).then(() => true, () => false));
  await run.close();
  await assert.rejects(
    (async () => {
      remote.mode = "fails";
      await db.runs.find("b");
    })(),
    /Cannot look for run "b": the remote store .* whenUnreachable: "continue"/,
  );
  remote.mode = "works";
  await db.close();
  await assertSame(local, remote);
});

Deno.test("two stores: a remote one that doesn't answer holds nothing up", async () => {
  const [local, remote] = [new MemoryStore(), new FickleStore()];
  const db = mirror(local, remote, { patience: 0.1, closing: 0.1 });
  remote.mode = "stalls";
  const run = await db.runs.create(record("a"));
  for (let i = 1; i <= 5; i++) {
    run.append(entry(i));
    await run.save(checkpoint(i, { w: floats(i) }));
  }
  await run.close();
  assert.match(run.warnings.join("\n"), /no answer for 0.1 s/);
  remote.mode = "works";
  await until(async () => await db.close().then(() => true, () => false));
  await assertSame(local, remote);
});

Deno.test("two stores: closing waits for no answer of a remote one that is known to be out of reach", async () => {
  const [local, remote] = [new MemoryStore(), new FickleStore()];
  const db = mirror(local, remote, { patience: 3600, closing: 0.1 });
  const run = await db.runs.create(record("a"));
  remote.mode = "fails";
  run.append(entry(1));
  await until(() => /takes nothing since/.test(run.warnings.join()));
  remote.mode = "stalls";
  run.append(entry(2));
  let closed = false;
  void run.close().then(() => db.close()).catch(() => {}).then(() => closed = true);
  await until(() => closed);
  remote.mode = "works";
  await db.runs.list();
  await db.close();
  await assertSame(local, remote);
});

Deno.test("two stores: a run that is being caught up with can be opened, whatever the remote one does", async () => {
  const [local, remote] = [new MemoryStore(), new FickleStore()];
  const run = await local.runs.create(record("a"));
  for (let i = 1; i <= 50; i++) {
    run.append(entry(i));
    await run.save(checkpoint(i, { w: floats(i) }));
  }
  await run.close();
  const db = mirror(local, remote, { patience: 0.2, closing: 0.1 });
  remote.slowness = 2;
  await db.runs.list();
  await until(async () => (await remote.runs.find("a")) !== undefined);
  remote.mode = "stalls";
  const mine = await db.runs.open("a", { wait: 20_000 });
  mine.append(entry(51));
  await mine.save(checkpoint(51, { w: floats(51) }));
  await mine.close();
  [remote.slowness, remote.mode] = [0, "works"];
  await until(async () => await db.close().then(() => true, () => false));
  await assertSame(local, remote);
});

Deno.test("two stores: a slow remote one is waited for when it lags too far behind", async () => {
  const [local, remote] = [new MemoryStore(), new FickleStore()];
  remote.slowness = 20;
  const db = mirror(local, remote, { queue: 10 });
  const run = await db.runs.create(record("a"));
  for (let i = 1; i <= 100; i++) {
    run.append(entry(i));
    if (i % 10 !== 0) continue;
    await run.save(checkpoint(i, {}));
    const there = await (await remote.runs.open("a", { readonly: true })).entries();
    assert.ok((await collect(there)).length >= i - 10, `at entry ${i}`);
  }
  await run.close();
  await db.close();
  await assertSame(local, remote);
});

Deno.test("two stores: the local one lost, runs and documents are fetched from the remote one", async () => {
  const remote = new MemoryStore();
  const first = mirror(new MemoryStore(), remote);
  const run = await first.runs.create(record("a"));
  run.append(entry(1));
  await run.save(checkpoint(1, { w: floats(1) }));
  await run.close();
  await first.access({ write: { collection: "r", document: { _id: "x", w: floats(3) } } });
  await first.close();
  const local = new MemoryStore();
  const second = mirror(local, remote);
  assert.deepEqual((await second.runs.list()).map(({ id }) => id), ["a"]);
  assert.equal((await second.runs.query({ where: { id: "a" } })).length, 1);
  const again = await second.runs.open("a");
  assert.deepEqual((await again.latest())!.tree, { w: floats(1) });
  again.append(entry(2));
  await again.close();
  assert.ok((await second.access({ read: { collection: "r" } }))[0]!.w.equals(floats(3)));
  await second.close();
  await assertSame(local, remote);
});

Deno.test("two stores: documents deleted without the remote store don't come back from it", async () => {
  const [local, remote] = [new MemoryStore(), new FickleStore()];
  const first = mirror(local, remote, { closing: 0.05 });
  await first.access({ write: { collection: "r", document: { _id: "x" } } });
  await until(async () => (await remote.access({ read: { collection: "r" } })).length > 0);
  remote.mode = "fails";
  await first.access({ delete: { collection: "r", where: {} } });
  await first.close().catch(() => {});
  remote.mode = "works";
  const second = mirror(local, remote);
  assert.deepEqual(await second.access({ read: { collection: "r" } }), []);
  await second.close();
  assert.deepEqual(await remote.access({ read: { collection: "r" } }), []);
  await assert.rejects(second.access({ read: { collection: "mirror outbox" } }), /the store needs it itself/);
  await second.close();
});

Deno.test("two stores: who went on elsewhere is followed, and nothing of either is lost", async () => {
  const remote = new FickleStore(), here = new MemoryStore(), there = new MemoryStore();
  const train = async (local: DBInterface, to: number, payload: Record<string, unknown>, closing = 20) => {
    const db = mirror(local, remote, { closing });
    const run = await db.runs.find("a") === undefined ? await db.runs.create(record("a")) : await db.runs.open("a");
    for (let i = run.sequence + 1; i <= to; i++) run.append(entry(i, payload));
    await run.save(checkpoint(to, payload));
    await run.close();
    const { warnings } = db.runs;
    await db.close().catch(() => {});
    return warnings.join("\n");
  };
  await train(here, 5, { by: "here" });
  await train(there, 8, { by: "there" });
  assert.equal(await train(here, 9, { by: "here" }), "", "a run that only went on is fetched without a word");
  assert.deepEqual(
    (await contentOf(here, "a")).entries.map(({ payload }) => payload.by).join(" "),
    [
      ..."11111222".replaceAll("1", "here ").replaceAll("2", "there ").trim().split(" "),
      "here",
    ].join(" "),
  );
  remote.mode = "fails";
  await train(here, 12, { by: "alone" }, 0.05);
  remote.mode = "works";
  await train(there, 11, { by: "there" });
  assert.match(await train(here, 13, { by: "here" }), /run "a" went on here and in fickle: .* archived as "a~1"/);
  assert.equal((await contentOf(here, "a~1")).entries.at(-1)!.payload.by, "alone");
  assert.deepEqual((await contentOf(here, "a")).entries.map(({ payload }) => payload.by).slice(8), [
    ..."here there there here here".split(" "),
  ]);
  await assertSame(here, remote);
});

Deno.test("two stores: a run that somebody else writes in the remote one can't be opened", async () => {
  const remote = new MemoryStore();
  const first = mirror(new MemoryStore(), remote), second = mirror(new MemoryStore(), remote);
  const run = await first.runs.create(record("a"));
  run.append(entry(1));
  await run.save(checkpoint(1, {}));
  await assert.rejects(second.runs.open("a", { wait: 10 }), { name: "Busy" });
  await run.close();
  await (await second.runs.open("a")).close();
  await first.close();
  await second.close();
});

Deno.test("two stores: what was archived and begun anew without the remote one is so there afterwards", async () => {
  const [local, remote] = [new MemoryStore(), new FickleStore()];
  const db = mirror(local, remote, { patience: 0.2, closing: 0.1 });
  const make = async (configuration: object) => {
    const run = await db.runs.create(record("a", { configuration }));
    run.append(entry(1, configuration as never));
    await run.save(checkpoint(1, { w: floats(1) }));
    await run.close();
  };
  await make({ seed: 1 });
  remote.mode = "fails";
  await db.runs.archive("a");
  await new Promise((resolve) => setTimeout(resolve, 5)); // runs are told apart by when they were made
  await make({ seed: 2 });
  remote.mode = "works";
  await until(async () => await db.close().then(() => true, () => false));
  await assertSame(local, remote);
  assert.deepEqual((await remote.runs.find("a~1"))!.configuration, { seed: 1 });
});

Deno.test("two stores: a remote one that fails at any request loses nothing", async () => {
  for (let left = 0; left < 60; left += 1) {
    const [local, remote] = [new MemoryStore(), new FickleStore()];
    const db = mirror(local, remote, { patience: 0.5, closing: 0.01 });
    remote.left = left;
    const run = await db.runs.create(record("a"));
    for (let i = 1; i <= 4; i++) {
      run.append(entry(i));
      await run.save(checkpoint(i, { w: floats(i) }));
      await new Promise((resolve) => setTimeout(resolve, left % 7));
    }
    await run.truncate(3);
    run.append(entry(4, { again: true }));
    await run.close();
    await db.access({ write: { collection: "r", document: { _id: "x", left } } });
    await db.close().catch(() => {});
    [remote.left, remote.mode] = [Infinity, "works"];
    const again = mirror(local, remote);
    await again.runs.list();
    await again.close().catch((error) =>
      assert.fail(`failing from request ${left} on: ${error.message}; ${again.status.warnings} ${run.warnings}`)
    );
    await assertSame(local, remote);
    assert.deepEqual(await remote.access({ read: { collection: "r" } }), [{ _id: "x", left }]);
  }
});
