import assert from "node:assert/strict";
import { join } from "node:path";
import { LowdbStore, MemoryStore, MirroredStore, SqliteStore } from "../../mod.ts";
import { kill } from "../kill.ts";
import { FickleStore } from "../store/fickle_store.ts";
import { temporary } from "../store/temporary.ts";
import { at, experiment, open, outcome, type Plain, seeded } from "./experiments.ts";
import { lines, spawn } from "./processes.ts";

const twofold = (changes: Plain = {}) => experiment("twofold", { looper: { epochs: 12 }, ...changes });

async function straight(changes: Plain = {}): Promise<Awaited<ReturnType<typeof outcome>>> {
  const session = await open(twofold(changes), new MemoryStore());
  await session.run();
  return await outcome(session);
}

/** Goes on with the experiment in a process of its own, killed so many ms after it began to work unless it is done. */
async function attempt(local: string, remote: string, delay: number) {
  const child = spawn("two_stores_child.ts", local, remote);
  let done: { warnings: string[]; digest: string; statistics: string } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const line of lines(child.stdout)) {
    if (line === "working") timer ??= setTimeout(() => kill(child), delay);
    else done = JSON.parse(line.replace("done ", ""));
  }
  clearTimeout(timer);
  const { success, signal } = await child.status;
  assert.ok(success || signal === "SIGKILL", "it ends well, or is killed");
  return done;
}

Deno.test("killed at random moments with two stores, each time one of them lost: it ends the same to the bit", async () => {
  const wanted = await straight(), random = seeded("kill -9 with two stores");
  let kills = 0, lost = 0, local = temporary();
  const remote = temporary();
  for (let ended = false; !ended; kills++) {
    const done = await attempt(local, remote, 50 + random() * 300 * (1 + kills / 6));
    ended = done !== undefined;
    if (done !== undefined) {
      const { warnings: _, ...found } = done;
      assert.deepEqual(found, wanted);
    } else if (random() < 0.5) [local, lost] = [temporary(), lost + 1];
  }
  console.log(`${kills - 1} kills, ${lost} times the local store lost`);
  for (const store of [new LowdbStore({ path: local }), new SqliteStore({ path: join(remote, "runs.sqlite") })]) {
    const session = await open(twofold(), store);
    assert.equal(session.status.phase, "completed", "each of the two has all of it");
    assert.deepEqual(await outcome(session), wanted);
    assert.deepEqual(session.status.warnings, []);
    await store.close();
  }
});

Deno.test("the remote store away for a while: training goes on, Status says so, nothing is missing in the end", async () => {
  const [local, remote] = [new LowdbStore({ path: temporary() }), new FickleStore()];
  const db = new MirroredStore({ local, remote, patience: 2 } as never);
  const session = await open(twofold(), db);
  at(session, 7, () => remote.mode = "fails");
  at(session, 40, () => remote.mode = "works");
  await session.run();
  assert.equal(session.status.phase, "completed");
  assert.deepEqual(await outcome(session), await straight());
  remote.mode = "works";
  await db.close();
  const alone = await open(twofold(), remote);
  assert.equal(alone.status.phase, "completed");
  assert.deepEqual(await outcome(alone), await straight());
});

Deno.test("with whenUnreachable: pause, training waits for the remote store, and Status says what for", async () => {
  const [local, remote] = [new MemoryStore(), new FickleStore()];
  const db = new MirroredStore({ local, remote, whenUnreachable: "pause", patience: 2 } as never);
  const long = { looper: { epochs: 150 }, trainer: { checkpoints: { every: { steps: 10 } } } };
  const session = await open(twofold(long), db);
  at(session, 7, () => remote.mode = "fails");
  let waited = 0;
  session.status$.subscribe(({ phase, reason }) => {
    if (phase !== "paused") return;
    assert.match(reason!, /waiting for the store: the remote store \(fickle\) takes nothing since .*: the wire is cut/);
    waited++;
    remote.mode = "works";
  });
  await session.run();
  assert.equal(session.status.phase, "completed");
  assert.ok(waited > 0, "it waited");
  assert.match(session.status.warnings.join("\n"), /is reached again/);
  assert.deepEqual(await outcome(session), await straight(long));
  await db.close();
  assert.deepEqual(await outcome(await open(twofold(long), remote)), await straight(long));
});
