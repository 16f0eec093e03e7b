import assert from "node:assert/strict";
import { PostgresStore } from "../../src/store/postgres_store.ts";
import type { Run } from "../../src/store/run/run_record.ts";
import type { PostgresServer } from "../servers/postgres.ts";
import { newOptions, startPostgres } from "../servers/postgres_store.ts";
import { TcpProxy } from "../servers/tcp_proxy.ts";
import { checkpoint, collect, entry, floats, record } from "./store_contract.ts";

/** How `pg` sends the end of a transaction: a simple query, its length before it. */
const commit = "\u000bcommit\u0000";
const server = await startPostgres();

const numbers = async (run: Run) => (await collect(run.entries())).map(({ sequence }) => sequence);
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);

/** A store behind a proxy that can cut its connections. */
function proxied(server: PostgresServer, more: Record<string, unknown> = {}) {
  const proxy = new TcpProxy(server.port), options = newOptions(server, { port: proxy.port, ...more });
  const direct = new PostgresStore({ ...options, port: server.port });
  return { proxy, db: new PostgresStore(options), direct };
}

if (server !== undefined) {
  for (const deliver of [false, true]) {
    const when = deliver ? "after the server did it" : "before it arrives";
    Deno.test(`PostgresStore: the connection is cut in a commit, ${when}`, async () => {
      const { proxy, db, direct } = proxied(server);
      const run = await db.runs.create(record("a"));
      for (let sequence = 1; sequence <= 6; sequence++) {
        run.append(entry(sequence));
        const cut = proxy.cutAt(commit, { deliver });
        const tree = { w: floats(sequence), same: floats(0) };
        await run.save(checkpoint(sequence, tree)).catch(async (error) => {
          assert.match(error.message, /may have been or not; look, and do it again/); // an append: not done twice
          await run.save(checkpoint(sequence, tree));
        });
        await cut;
      }
      const cut = proxy.cutAt(commit, { deliver });
      await db.access({ write: { collection: "r", documents: [{ _id: "a" }, { _id: "b" }] } });
      await cut;
      proxy.go();
      await run.close();
      const read = await direct.runs.open("a", { readonly: true });
      assert.deepEqual(await numbers(read), upTo(6));
      assert.deepEqual((await read.checkpoints()).map(({ sequence }) => sequence), upTo(6));
      assert.deepEqual((await read.latest())!.tree, { w: floats(6), same: floats(0) });
      assert.deepEqual(read.warnings, []);
      assert.equal((await direct.access({ read: { collection: "r" } })).length, 2);
      await Promise.all([db.close(), direct.close()]);
      proxy.close();
    });
  }

  Deno.test("PostgresStore: connections cut anywhere in large writes", async () => {
    const { proxy, db, direct } = proxied(server);
    const run = await db.runs.create(record("a"));
    let bytes = 1000;
    for (let sequence = 1; sequence <= 8; sequence++, bytes = (bytes * 7) % 5_000_003) {
      run.append(entry(sequence));
      proxy.cutAfter(bytes);
      const tree = { w: floats(sequence, 1_000_000) };
      const save = () => run.save(checkpoint(sequence, tree));
      await save().catch(save).catch(save);
    }
    proxy.go();
    await run.close();
    const read = await direct.runs.open("a", { readonly: true });
    assert.deepEqual(await numbers(read), upTo(8));
    for (const { sequence } of await read.checkpoints()) {
      assert.deepEqual((await read.load(sequence)).tree, { w: floats(sequence, 1_000_000) });
    }
    await Promise.all([db.close(), direct.close()]);
    proxy.close();
  });

  Deno.test("PostgresStore: a server that can't be reached is waited for, not for ever", async () => {
    const { schema } = newOptions(server), read = (db: PostgresStore) => db.access({ read: { collection: "r" } });
    const hasty = proxied(server, { schema, wait: 300 });
    await hasty.db.access({ write: { collection: "r", document: { _id: "a" } } });
    hasty.proxy.refuse();
    hasty.proxy.cut();
    await assert.rejects(
      read(hasty.db),
      /Cannot reach PostgresStore at 127\.0\.0\.1:\d+\/postgres.*: the connection was lost; see/,
    );
    hasty.proxy.go();
    assert.deepEqual(await read(hasty.db), [{ _id: "a" }]);
    await Promise.all([hasty.db.close(), hasty.direct.close()]);
    hasty.proxy.close();

    const { proxy, db, direct } = proxied(server, { schema, wait: 60_000 });
    assert.deepEqual(await read(db), [{ _id: "a" }]);
    proxy.refuse();
    proxy.cut();
    const waiting = read(db);
    setTimeout(() => proxy.go(), 100);
    assert.deepEqual(await waiting, [{ _id: "a" }]);
    proxy.stall();
    const stalled = read(db);
    setTimeout(() => proxy.go(), 200);
    assert.deepEqual(await stalled, [{ _id: "a" }]);
    await Promise.all([db.close(), direct.close()]);
    proxy.close();
  });
}
