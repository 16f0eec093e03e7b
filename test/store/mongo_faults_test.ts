import assert from "node:assert/strict";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { MongoStore } from "../../src/store/mongo_store.ts";
import { kill } from "../kill.ts";
import { FerretDbServer } from "../servers/ferretdb.ts";
import { TcpProxy } from "../servers/tcp_proxy.ts";
import { treeAt } from "./child.ts";
import { spawnChild } from "./process_contract.ts";
import { checkpoint, collect, entry, floats, record } from "./store_contract.ts";

const server = await FerretDbServer.start();
let databases = 0;

const test = (what: string, body: (server: FerretDbServer, database: string) => Promise<void>) =>
  server && Deno.test(`MongoStore: ${what}`, () => body(server, `faults${databases++}`));

const spawn = (what: string, port: number, database: string, ...args: string[]) =>
  spawnChild(what, { MongoStore: { port, database, timeout: 60 } }, ...args);

const messageOf = (error: Error): string => error.message;
const sequences = (entries: { sequence: number }[]): number[] => entries.map(({ sequence }) => sequence);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

/** What lies in a database that nothing refers to. */
async function strays(port: number, database: string): Promise<string[]> {
  const client = await new MongoClient(`mongodb://127.0.0.1:${port}`).connect();
  try {
    const db = client.db(database);
    const files = await db.collection("files").find().toArray();
    const folders = await db.collection("folders").find().toArray();
    const entries = [...files, ...folders.flatMap(({ files }) => Object.values(files) as typeof files)];
    const used = new Set(entries.flatMap(({ parts }) => parts.map(({ id }: { id: string }) => id)));
    const doubted = new Set((await db.collection("garbage").find().toArray()).map(({ _id }) => `${_id}`));
    const chunks = await db.collection("chunks").find({}, { projection: { _id: 1 } }).toArray();
    const grid = await db.collection("blobs.files").find().toArray();
    const there = [...chunks.map(({ _id }) => `${_id}`.split(":")[0]!), ...grid.map(({ _id }) => `${_id}`)];
    return [...new Set(there)].filter((id) => !used.has(id) && !doubted.has(id));
  } finally {
    await client.close();
  }
}

test(
  "the server killed while it is written to and started again: nothing acknowledged is lost",
  async (server, database) => {
    const db = new MongoStore({ port: server.port, database, timeout: 60 });
    const run = await db.runs.create(record("a"));
    let saved = 0, failures = 0;
    for (let round = 0; round < 5 || failures === 0; round++) {
      assert.ok(round < 50, "no save was under way when the server was killed");
      const down = pause(40 * (round % 5)).then(() => server.kill()).then(() => pause(100)).then(() => server.again());
      for (let tries = 0; tries < 4; tries++) {
        const sequence = run.sequence + 1;
        run.append(entry(sequence));
        const ended = await run.save(checkpoint(sequence, treeAt(sequence))).then(() => "", messageOf);
        if (ended === "") saved = sequence;
        else {
          failures++;
          assert.match(ended, /can't be reached/);
          break;
        }
      }
      await down;
      await run.save(checkpoint(run.sequence, treeAt(run.sequence))); // it goes on
      saved = run.sequence;
    }
    await run.close();
    const again = await db.runs.open("a");
    assert.ok(again.sequence >= saved);
    assert.deepEqual(sequences(await collect(again.entries())), upTo(again.sequence));
    for (const { sequence } of await again.checkpoints()) {
      assert.deepEqual((await again.load(sequence)).tree, treeAt(sequence));
    }
    assert.equal((await again.latest())!.sequence, saved);
    assert.deepEqual(again.warnings, []);
    await again.close();
    await db.close();
  },
);

for (const deliver of [false, true]) {
  const when = deliver ? "after the server has heard" : "before the server has heard";
  test(`a connection cut in the middle of a save, ${when}`, async (server, database) => {
    using proxy = new TcpProxy(server.port);
    const db = new MongoStore({ port: proxy.port, database, timeout: 60 });
    const run = await db.runs.create(record("a"));
    const moments = ["blobs.files", "files.checkpoints", "chunks", "garbage", "blobs.chunks"];
    for (const [n, text] of moments.entries()) {
      run.append(entry(n + 1));
      const cut = proxy.cutAt(text, { deliver });
      const save = () => run.save(checkpoint(n + 1, { w: floats(n), same: floats(-1) }));
      const failed = await save().then(() => "", messageOf);
      await cut;
      assert.match(failed, /^$|can't be reached|entries are kept in memory/);
      await save();
    }
    await run.close();
    await db.close();
    const direct = new MongoStore({ port: server.port, database, timeout: 60 });
    const again = await direct.runs.open("a");
    assert.deepEqual(sequences(await collect(again.entries())), upTo(moments.length));
    for (const [n] of moments.entries()) {
      assert.deepEqual((await again.load(n + 1)).tree, { w: floats(n), same: floats(-1) });
    }
    assert.deepEqual(again.warnings, []);
    await again.close();
    await direct.close();
    assert.deepEqual(await strays(server.port, database), []);
  });
}

test(
  "documents written together while the connection is cut anywhere: all of them or none",
  async (server, database) => {
    using proxy = new TcpProxy(server.port);
    const [cut, direct] = [proxy.port, server.port].map((port) => new MongoStore({ port, database, timeout: 60 }));
    const batch = (round: number) => upTo(5).map((n) => ({ _id: `${n % 3 === 0 ? "same" : round}-${n}`, round, n }));
    await cut!.access({ write: { collection: "r", documents: batch(-1) } });
    let before = -1, failures = 0;
    for (let round = 0; round < 12; round++) {
      proxy.cutAfter(150 + 350 * round);
      const done = await cut!.access({ write: { collection: "r", documents: batch(round) } }).then(
        () => true,
        () => false,
      );
      proxy.go();
      failures += done ? 0 : 1;
      const found = await direct!.access({
        query: { collection: "r", where: { $or: [{ round }, { _id: "same-3" }] } },
      });
      const mine = found.filter((document) => document.round === round);
      assert.ok(mine.length === 5 || (!done && mine.length === 0), `${mine.length} of 5 in round ${round}`);
      if (mine.length === 5) before = round;
      assert.equal(found.find(({ _id }) => _id === "same-3")!.round, before);
    }
    assert.ok(failures > 3, `${failures} were cut`);
    await cut!.access({ delete: { collection: "r", where: {} } });
    assert.deepEqual(await direct!.access({ query: { collection: "r" } }), []);
    await Promise.all([cut!.close(), direct!.close()]);
  },
);

test("processes that write at once lose nothing", async (server, database) => {
  const names = ["x", "y", "z"];
  const ended = await Promise.all(names.map((name) => spawn("many", server.port, database, name).output()));
  assert.ok(ended.every(({ success }) => success));
  const db = new MongoStore({ port: server.port, database, timeout: 60 });
  const documents = await db.access({ read: { collection: "results" } });
  assert.equal(documents.length, 75);
  for (const { i, w } of documents) assert.ok(w.equals(floats(i)));
  assert.equal((await db.runs.list()).length, 75);
  await db.close();
});

test("a process killed while it saves, again and again: every checkpoint is readable", async (server, database) => {
  let seed = Math.floor(Math.random() * 2 ** 31), saved = 0;
  console.log(`kill -9: seed ${seed}`);
  const random = () => (seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff;
  const db = new MongoStore({ port: server.port, database, timeout: 60 });
  for (let kills = 0; kills < 4; kills++) {
    const process = spawn("save", server.port, database, "a");
    let text = "";
    const decoder = new TextDecoder();
    for await (const bytes of process.stdout) {
      if (text === "") setTimeout(() => kill(process), random() * 400);
      text += decoder.decode(bytes);
    }
    await process.status;
    saved = Number(/.*saved (\d+)\n/s.exec(text)?.[1] ?? saved);
    const run = await db.runs.open("a", { wait: 10_000 }); // its process has ended: no lease is waited for
    const metas = await run.checkpoints();
    assert.ok(metas.at(-1)!.sequence >= saved, `${saved} was saved`);
    for (const { sequence } of metas) assert.deepEqual((await run.load(sequence)).tree, treeAt(sequence));
    assert.deepEqual(sequences(await collect(run.entries())), upTo(run.sequence));
    assert.deepEqual(run.warnings, []);
    await run.close();
  }
  assert.ok(saved > 3, `${saved}`);
  assert.deepEqual(await strays(server.port, database), [], "all that is left over is in the book of garbage");
  await db.close();
});

test("a server whose disk is full loses nothing", async () => {
  const path = Deno.makeTempDirSync({ prefix: "ptutils-full-" });
  const mount = async (...args: string[]) =>
    (await new Deno.Command("mount", { args: [...args, path] }).output().catch(() => ({ success: false }))).success;
  if (!await mount("-t", "tmpfs", "-o", "size=3m", "none")) {
    Deno.removeSync(path);
    return console.log("disk full: a tmpfs may not be mounted here; not tried on MongoStore");
  }
  const data = join(path, "data");
  Deno.mkdirSync(data);
  const small = (await FerretDbServer.start(data))!;
  try {
    const db = new MongoStore({ port: small.port, timeout: 60 });
    const run = await db.runs.create(record("a"));
    run.append(entry(1));
    await run.save(checkpoint(1, { w: floats(1) }));
    run.append(entry(2));
    await assert.rejects(run.save(checkpoint(2, { w: floats(2, 1_000_000) })), /it answers with an error.*full/);
    for (let i = 3; i < 4000; i++) run.append(entry(i, { text: "x".repeat(400) }));
    await assert.rejects(run.flush(), /entries are kept in memory/);
    assert.equal((await run.latest())!.sequence, 1);
    assert.ok(await mount("-o", "remount,size=64m"));
    await run.save(checkpoint(3999, { w: floats(3) }));
    await run.close();
    const again = await db.runs.open("a");
    assert.deepEqual(sequences(await collect(again.entries())), upTo(3999));
    assert.deepEqual((await again.latest())!.tree, { w: floats(3) });
    assert.deepEqual(again.warnings, []);
    await again.close();
    await db.close();
  } finally {
    await small.close();
    await new Deno.Command("umount", { args: [path] }).output();
    Deno.removeSync(path);
  }
});
