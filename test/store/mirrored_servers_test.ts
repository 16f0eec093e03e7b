/** Two stores at once, the remote one on a real server behind a network that fails. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { checkpointDigest } from "../../src/store/run/checkpoint_digest.ts";
import type { DBInterface } from "../../src/store/db_interface.ts";
import { LowdbStore } from "../../src/store/lowdb_store.ts";
import { MirroredStore } from "../../src/store/mirrored_store.ts";
import { MongoStore } from "../../src/store/mongo_store.ts";
import { PostgresStore } from "../../src/store/postgres_store.ts";
import { FerretDbServer } from "../servers/ferretdb.ts";
import { newOptions, startPostgres } from "../servers/postgres_store.ts";
import { TcpProxy } from "../servers/tcp_proxy.ts";
import { runQueryContract } from "./run_query_contract.ts";
import { checkpoint, collect, entry, floats, record } from "./store_contract.ts";
import { temporary } from "./temporary.ts";
import { until } from "./until.ts";

/** A server of a kind: its port, and a store in a database of its own there, by the port to connect to. */
interface Server {
  port: number;
  make(): (port: number) => DBInterface;
}

async function contentOf(db: DBInterface, id: string) {
  const run = await db.runs.open(id, { readonly: true });
  const { heartbeat: _, mirrored: __, ...record } = run.record;
  const checkpoints = [];
  for (const { sequence } of await run.checkpoints()) {
    const { tree, ...meta } = await run.load(sequence);
    checkpoints.push({ ...meta, tree: await checkpointDigest({ ...meta, tree }) }); // a difference is told in a few lines
  }
  const content = { record, entries: await collect(run.entries()), checkpoints };
  await run.close();
  return content;
}

function contract(name: string, { port, make }: Server): void {
  const two = (remote: DBInterface, more: object = {}) => {
    const local = new LowdbStore({ path: join(temporary(), "store") });
    return { local, db: new MirroredStore({ local, remote, closing: 120, patience: 1, ...more } as never) };
  };

  runQueryContract(name, () => make()(port));

  for (const fault of ["cut", "refuse", "stall"] as const) {
    Deno.test(`two stores, the remote one ${name}: ${fault} in the middle, and nothing is lost`, async () => {
      using proxy = new TcpProxy(port);
      const connect = make();
      const { local, db } = two(connect(proxy.port));
      const run = await db.runs.create(record("a"));
      for (let i = 1; i <= 40; i++) {
        run.append(entry(i));
        if (i % 4 === 0) await run.save(checkpoint(i, { w: floats(i, 30_000), same: floats(0) }));
        if (i % 12 === 0) await run.remove((await run.checkpoints()).slice(0, -2).map(({ sequence }) => sequence));
        if (i === 10) {
          await until(async () => (await contentOf(connect(port), "a").catch(() => undefined)) !== undefined);
        }
        if (i === 15) {
          if (fault === "cut") proxy.cutAfter(20_000);
          else proxy[fault]();
          if (fault === "refuse") proxy.cut();
        }
        if (i === 20) await db.access({ write: { collection: "r", document: { _id: "x", w: floats(3) } } });
        if (i === 30 && fault !== "cut") {
          await until(() => run.warnings.some((text) => /takes nothing since/.test(text)));
        }
        if (i === 30) proxy.go();
      }
      await run.update({ phase: "completed" });
      await run.close();
      await db.close();
      const remote = connect(port);
      assert.deepEqual(await contentOf(remote, "a"), await contentOf(local, "a"));
      assert.ok((await remote.access({ read: { collection: "r" } }))[0]!.w.equals(floats(3)));
      await remote.close();
    });
  }

  Deno.test(`two stores: the local one lost, ${name} gives back runs and documents`, async () => {
    const connect = make(), first = two(connect(port));
    const run = await first.db.runs.create(record("a"));
    for (let i = 1; i <= 5; i++) run.append(entry(i, { nan: NaN, w: floats(i, 5) }));
    await run.save(checkpoint(5, { w: floats(5) }));
    await run.close();
    await first.db.access({ write: { collection: "r", document: { _id: "x", w: floats(3), at: new Date(7) } } });
    await first.db.close();
    const second = two(connect(port));
    const again = await second.db.runs.open("a");
    assert.equal(again.sequence, 5);
    await again.close();
    assert.deepEqual(
      await second.db.access({ read: { collection: "r" } }),
      await first.local.access({ read: { collection: "r" } }),
    );
    await second.db.close();
    assert.deepEqual((await contentOf(second.local, "a")).checkpoints, (await contentOf(first.local, "a")).checkpoints);
  });
}

const postgres = await startPostgres();
if (postgres !== undefined) {
  contract("PostgresStore", {
    port: postgres.port,
    make: () => {
      const options = newOptions(postgres, { wait: 500 });
      return (port) => new PostgresStore({ ...options, port } as never);
    },
  });
}

if (postgres !== undefined) {
  Deno.test("two stores: the remote server killed and started again, nothing is lost", async () => {
    const options = newOptions(postgres, { wait: 500 });
    const local = new LowdbStore({ path: join(temporary(), "store") }), remote = new PostgresStore(options as never);
    const db = new MirroredStore({ local, remote, closing: 120, patience: 1 } as never);
    const run = await db.runs.create(record("a"));
    for (let i = 1; i <= 40; i++) {
      run.append(entry(i));
      if (i % 4 === 0) await run.save(checkpoint(i, { w: floats(i, 30_000) }));
      if (i === 15) await postgres.kill();
      if (i === 25) await until(() => run.warnings.some((text) => /takes nothing since/.test(text)));
      if (i === 30) await postgres.again();
    }
    await run.close();
    await db.close();
    const alone = new PostgresStore(options as never);
    assert.deepEqual(await contentOf(alone, "a"), await contentOf(local, "a"));
    await alone.close();
  });
}

const ferretdb = await FerretDbServer.start();
let databases = 0;
if (ferretdb !== undefined) {
  contract("MongoStore", {
    port: ferretdb.port,
    make: () => {
      const database = `mirrored${databases++}`;
      return (port) => new MongoStore({ port, database, timeout: 2, lease: 3 } as never);
    },
  });
}
