import assert from "node:assert/strict";
import { PostgresStore } from "../../src/store/postgres_store.ts";
import { newOptions, startPostgres } from "../servers/postgres_store.ts";
import { TcpProxy } from "../servers/tcp_proxy.ts";
import { checkpoint, collect, entry, floats, record } from "./store_contract.ts";

const server = await startPostgres();

/** Two stores at one place, the first of them behind a proxy, with a run of one step that the first has open. */
async function twoStores() {
  const proxy = new TcpProxy(server!.port), options = newOptions(server!);
  const [first, second] = [
    new PostgresStore({ ...options, port: proxy.port, wait: 2_000 }),
    new PostgresStore(options),
  ];
  const run = await first.runs.create(record("a"));
  run.append(entry(1));
  await run.save(checkpoint(1, { w: floats(1) }));
  const close = async () => {
    await Promise.all([first.close(), second.close()]);
    proxy.close();
  };
  return { proxy, first, second, run, close };
}

if (server !== undefined) {
  Deno.test("a run whose lock was lost is written no more once another has taken it", async () => {
    const { proxy, first, second, run, close } = await twoStores();
    proxy.refuse();
    proxy.cut();
    const taken = await second.runs.open("a", { wait: 20_000 }); // the server released it
    taken.append(entry(2, { by: "second" }));
    await taken.save(checkpoint(2, { w: floats(2) }));
    proxy.go();
    const lost = new RegExp(`Cannot write to run "a": its lock was lost .* process ${Deno.pid}.* took it at \\d{4}-`);
    run.append(entry(2, { by: "first" }));
    await assert.rejects(run.save(checkpoint(2, { w: floats(-2) })), lost);
    await assert.rejects(run.heartbeat(), lost);
    await assert.rejects(run.update({ phase: "failed" }), lost);
    await assert.rejects(run.remove([2]), lost);
    await assert.rejects(run.close(), lost);
    taken.append(entry(3, { by: "second" }));
    await taken.save(checkpoint(3, { w: floats(3) }));
    await taken.close();
    const again = await first.runs.open("a");
    assert.deepEqual((await collect(again.entries())).map(({ payload }) => payload.by), [
      undefined,
      "second",
      "second",
    ]);
    assert.deepEqual((await again.latest())!.tree, { w: floats(3) });
    assert.deepEqual(again.warnings, []);
    await again.close();
    await close();
  });

  Deno.test("also when the other has let go of it again, and other runs go on", async () => {
    const { proxy, first, second, run, close } = await twoStores();
    const other = await first.runs.create(record("b"));
    proxy.refuse();
    proxy.cut();
    await (await second.runs.open("a", { wait: 20_000 })).close();
    proxy.go();
    run.append(entry(2));
    await assert.rejects(run.save(checkpoint(2, {})), /its lock was lost/);
    other.append(entry(1));
    await other.save(checkpoint(1, { w: floats(1) }));
    await assert.rejects(second.runs.open("b", { wait: 50 }), { name: "Busy" });
    await other.close();
    await run.close().catch(() => {});
    await close();
  });

  Deno.test("a lock that was lost is taken again, when nobody else took it", async () => {
    const { proxy, second, run, close } = await twoStores();
    for (let sequence = 2; sequence < 5; sequence++) {
      proxy.cut();
      run.append(entry(sequence));
      await run.save(checkpoint(sequence, { w: floats(sequence) }));
      await assert.rejects(second.runs.open("a", { wait: 50 }), { name: "Busy" });
    }
    await run.close();
    await (await second.runs.open("a")).close();
    await close();
  });

  Deno.test("what the server still has of a connection that ended is no rival", async () => {
    const { proxy, second, run, close } = await twoStores();
    proxy.desert();
    run.append(entry(2));
    await run.save(checkpoint(2, { w: floats(2) }));
    await assert.rejects(second.runs.open("a", { wait: 50 }), { name: "Busy" });
    await run.close();
    await (await second.runs.open("a")).close();
    await close();
  });
}
