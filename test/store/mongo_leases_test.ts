import assert from "node:assert/strict";
import { MongoClient } from "mongodb";
import { MongoConnection } from "../../src/store/mongo/connection.ts";
import { MongoFolder } from "../../src/store/mongo/folder.ts";
import { mongoOptions, placeOf } from "../../src/store/mongo/options.ts";
import { MongoStore } from "../../src/store/mongo_store.ts";
import { kill } from "../kill.ts";
import { FerretDbServer } from "../servers/ferretdb.ts";
import { TcpProxy } from "../servers/tcp_proxy.ts";
import { spawnChild } from "./process_contract.ts";
import { checkpoint, collect, entry, floats, record } from "./store_contract.ts";

const server = await FerretDbServer.start();
let databases = 0;

const test = (what: string, body: (port: number, database: string) => Promise<void>) =>
  server && Deno.test(`MongoStore's leases: ${what}`, () => body(server.port, `leases${databases++}`));

const values = async (run: { entries(): AsyncIterable<{ payload: Record<string, unknown> }> }) =>
  (await collect(run.entries())).map(({ payload }) => payload.by);

test("a process that lost its run to another can't write into it any more", async (port, database) => {
  using proxy = new TcpProxy(port);
  const first = new MongoStore({ port: proxy.port, database, lease: 1, timeout: 30 });
  const second = new MongoStore({ port, database, lease: 1, timeout: 60 });
  const run = await first.runs.create(record("a"));
  run.append(entry(1, { by: "first" }));
  await run.save(checkpoint(1, { w: floats(1) }));
  proxy.stall(); // it lives on and doesn't know
  const taken = await second.runs.open("a", { wait: 60_000 });
  assert.equal(taken.sequence, 1);
  taken.append(entry(2, { by: "second" }));
  await taken.save(checkpoint(2, { w: floats(2) }));
  proxy.go();

  const lost = /taken over|its lock was lost/;
  run.append(entry(2, { by: "first" }));
  await assert.rejects(run.flush(), lost);
  await assert.rejects(run.save(checkpoint(2, { w: floats(7) })), lost);
  await assert.rejects(run.update({ phase: "completed" }), lost);
  await assert.rejects(run.heartbeat(), lost);
  await assert.rejects(run.truncate(0), lost);
  await run.close().catch((error) => assert.match(error.message, lost));

  taken.append(entry(3, { by: "second" }));
  await taken.close();
  const again = await second.runs.open("a");
  assert.deepEqual(await values(again), ["first", "second", "second"]);
  assert.deepEqual((await again.latest())!.tree, { w: floats(2) });
  assert.equal(again.record.phase, "running");
  assert.deepEqual(again.warnings, []);
  await again.close();
  await Promise.all([first.close(), second.close()]);
});

test("a lock that is renewed is kept, however long", async (port, database) => {
  const [first, second] = [0, 1].map(() => new MongoStore({ port, database, lease: 2, timeout: 60 }));
  const run = await first!.runs.create(record("a"));
  const started = performance.now();
  await assert.rejects(second!.runs.open("a", { wait: 5000 }), {
    name: "Busy",
    message: new RegExp(`Cannot lock run "a": this process \\(${Deno.pid}\\) has held it since`),
  });
  assert.ok(performance.now() - started >= 4900);
  run.append(entry(1, { by: "first" }));
  await run.flush();
  await run.close();
  await (await second!.runs.open("a")).close();
  await Promise.all([first!.close(), second!.close()]);
});

test(
  "a killed process of this computer is not waited for, one of another until its lease ends",
  async (port, database) => {
    const db = new MongoStore({ port, database, lease: 3600, timeout: 60 });
    const client = await new MongoClient(`mongodb://127.0.0.1:${port}`).connect();
    const locks = client.db(database).collection<{ _id: string }>("locks");
    for (const known of [true, false]) {
      const process = spawnChild("hold", { MongoStore: { port, database, timeout: 60 } });
      for await (const _ of process.stdout.values({ preventCancel: true })) break;
      const busy = { name: "Busy", message: new RegExp(`run "a": process ${process.pid}.* has held it since \\d{4}-`) };
      await assert.rejects(db.runs.open("a", { wait: 50 }), busy);
      if (!known) await locks.updateMany({ path: "locks/runs.a.lock" }, { $unset: { process: "" } });
      kill(process);
      await process.stdout.cancel();
      await process.status;
      if (known && Deno.build.os === "linux") await (await db.runs.open("a", { wait: 20_000 })).close();
      else {
        await assert.rejects(db.runs.open("a", { wait: 50 }), busy);
        const long = new Date(Date.now() - 2 * 3600_000);
        await locks.updateMany({ path: "locks/runs.a.lock" }, { $set: { beat: long } });
        await (await db.runs.open("a", { wait: 20_000 })).close();
      }
      assert.equal(await db.runs.archive("a"), known ? "a~1" : "a~2");
    }
    await Promise.all([client.close(), db.close()]);
  },
);

test("what killed writers left is found in the book of garbage and deleted", async (port, database) => {
  const connection = new MongoConnection(placeOf(mongoOptions.parse({ port, database, timeout: 60 })));
  const folder = new MongoFolder(connection, 20_000);
  const batch = folder.batch();
  await batch.add("runs/a/kept", "kept");
  await batch.commit();
  await batch.add("runs/a/never", "committed");
  await batch.add("blobs/never", new Uint8Array(3_000_000));
  assert.equal(await folder.sweep(60_000), 0, "somebody may be at it");
  assert.equal(await folder.sweep(0), 2);
  const client = await new MongoClient(`mongodb://127.0.0.1:${port}`).connect();
  const count = async (name: string) => await client.db(database).collection(name).countDocuments();
  assert.deepEqual([await count("chunks"), await count("blobs.chunks"), await count("blobs.files")], [1, 0, 0]);
  assert.equal(new TextDecoder().decode(await folder.read("runs/a/kept")), "kept");
  await Promise.all([client.close(), connection.close()]);
});

test(
  "one that seems to have died is waited for until its lease ends, without being asked to",
  async (port, database) => {
    using proxy = new TcpProxy(port);
    const connections = [proxy.port, port].map((port) =>
      new MongoConnection(placeOf(mongoOptions.parse({ port, database, timeout: 30 })))
    );
    const [first, second] = connections.map((connection) => new MongoFolder(connection, 6000));
    const lock = await first!.lock("locks/runs.a.lock", { what: 'run "a"' });
    proxy.refuse();
    proxy.cut();
    const started = performance.now();
    const taken = await second!.lock("locks/runs.a.lock", { what: 'run "a"' });
    assert.ok(performance.now() - started > 4000, "not before its lease has ended");
    proxy.go();
    await assert.rejects(lock.check(), /its lock was lost/);
    await taken.check();
    for (const one of [lock, taken]) one.release();
    await Promise.all([first!.settle(), second!.settle()]);
    await Promise.all(connections.map((connection) => connection.close()));
  },
);
