import assert from "node:assert/strict";
import { LowdbStore, MemoryStore, Session } from "../../mod.ts";
import { temporary } from "../store/temporary.ts";
import { at, experiment, open, outcome } from "./experiments.ts";
import { lines, spawn } from "./processes.ts";

const runs = async (store: { runs: LowdbStore["runs"] }) => (await store.runs.list()).map(({ id }) => id).sort();

Deno.test("a finished experiment is shown, not trained again", async () => {
  const path = temporary();
  const first = await open(experiment("done"), path);
  const history = await first.run();
  assert.equal(await first.run(), history, "in the same Session too");
  const again = await open(experiment("done"), path);
  assert.equal(again.status.phase, "completed");
  assert.equal(again.status.restored, true);
  assert.equal(again.status.reason, "3 epochs are done");
  let steps = 0;
  again.events$.subscribe(({ trigger }) => steps += trigger === "end_of_training_step" ? 1 : 0);
  await again.run();
  assert.equal(steps, 0);
  assert.deepEqual(await outcome(again), await outcome(first));
  assert.deepEqual([...again.history].map(({ time }) => time), [...history].map(({ time }) => time));
  assert.deepEqual(await again.journal(), await first.journal());
  assert.deepEqual(await runs(new LowdbStore({ path })), ["done"]);
});

Deno.test("a changed configuration is an error that shows every difference and the ways out", async () => {
  const store = new MemoryStore();
  const first = await open(experiment("changed"), store);
  await first.run();
  const other = experiment("changed", {
    seed: 4,
    model: { optimizer: { Momentum: { learningRate: 0.02 } } },
    looper: { epochs: 5 },
    data: { sampler: "Sampler" },
  });
  const error: Error = await open(other, store).then(() => assert.fail("it is no error"), (error) => error);
  for (
    const part of [
      /Cannot go on with "changed"/,
      /seed.*3.*4/,
      /trainer\.model\.optimizer/,
      /Momentum/,
      /trainer\.looper\.epochs.*3.*5/,
      /dataProvider\.sampler/,
      /fresh: true/,
      /fork: STEP/,
      /extend: true/,
    ]
  ) assert.match(error.message, part);
  await assert.rejects(open(other, store, { extend: true }), /seed/, "extend is for the budget only");
  const again = await open(experiment("changed"), store);
  assert.deepEqual(await outcome(again), await outcome(first), "nothing was overwritten");
});

Deno.test("fresh starts over and keeps the old run", async () => {
  const path = temporary();
  const first = await open(experiment("again"), path);
  await first.run();
  const changed = experiment("again", { seed: 4 });
  const fresh = await open(changed, path, { fresh: true });
  assert.equal(fresh.trainer.looper.step, 0);
  assert.deepEqual(await runs(new LowdbStore({ path })), ["again"], "nothing happens before it runs");
  await fresh.run();
  const store = new LowdbStore({ path });
  assert.deepEqual(await runs(store), ["again", "again~1"]);
  assert.equal((await store.runs.find("again~1"))!.phase, "completed");
  const shown = await open(changed, path);
  assert.deepEqual(await outcome(shown), await outcome(fresh));
  assert.notEqual((await outcome(shown)).digest, (await outcome(first)).digest);
  await fresh.run();
  assert.deepEqual(await runs(store), ["again", "again~1"], "running the same Session again is not fresh again");
});

Deno.test("session.fresh and session.extend keep to the Session's own store", async () => {
  for (const place of [new MemoryStore(), temporary()]) {
    const session = await open(experiment("own"), place);
    await session.run();
    const longer = await session.extend({ epochs: 4 });
    assert.equal(longer.trainer.looper.step, 15);
    assert.equal((await longer.run()).last("train/loss")!.step, 20);
    const fresh = await longer.fresh();
    await fresh.run();
    assert.deepEqual(await outcome(fresh), await outcome(longer));
    assert.deepEqual(await runs(fresh.dbInterface as LowdbStore), ["own", "own~1"]);
  }
});

Deno.test("extended, it goes on to exactly what a longer run gives", async () => {
  const budgets = [[{ epochs: 2 }, { epochs: 5 }], [{ steps: 7 }, { steps: 23 }], [{ steps: 7 }, { epochs: 4 }]];
  for (const [short, long] of budgets) {
    const straight = await open(experiment("long", { looper: long }), new MemoryStore());
    await straight.run();
    const store = new MemoryStore();
    await (await open(experiment("long", { looper: short }), store)).run();
    await assert.rejects(open(experiment("long", { looper: long }), store), /trainer\.looper/);
    const longer = await open(experiment("long", { looper: long }), store, { extend: true });
    await longer.run();
    assert.deepEqual(await outcome(longer), await outcome(straight));
    const again = await open(experiment("long", { looper: long }), store);
    assert.equal(again.status.phase, "completed", "the longer budget is the experiment's now");
    const cell = await open(experiment("long", { looper: long }), store, { extend: true });
    await cell.run();
    assert.deepEqual(await outcome(cell), await outcome(straight), "the cell that extends may run again");
  }
});

Deno.test("an extension that was broken off goes on when its cell runs again", async () => {
  const store = new MemoryStore();
  await (await open(experiment("long", { looper: { epochs: 2 } }), store)).run();
  const long = experiment("long", { looper: { epochs: 5 } });
  const straight = await open(long, new MemoryStore());
  await straight.run();
  for (const step of [12, 17]) {
    const session = await open(long, store, { extend: true });
    at(session, step, () => void session.stop());
    await session.run();
    assert.equal(session.trainer.looper.step, step);
  }
  const last = await open(long, store, { extend: true });
  await last.run();
  assert.deepEqual(await outcome(last), await outcome(straight));
});

Deno.test("the same cell run again while its run goes on stops that one, saved, and takes over", async () => {
  for (const place of [new MemoryStore(), temporary()]) {
    const straight = await open(experiment("live", { looper: { steps: 30 } }), new MemoryStore());
    await straight.run();
    const first = await open(experiment("live", { looper: { steps: 30 } }), place);
    const reached = new Promise<void>((resolve) => at(first, 7, resolve));
    first.start();
    await reached;
    const second = await open(experiment("live", { looper: { steps: 30 } }), place);
    assert.equal(first.status.phase, "interrupted");
    assert.match(first.status.reason!, /started again/);
    await first.done;
    assert.ok(second.trainer.looper.step >= 7);
    assert.equal(second.trainer.looper.step, first.trainer.looper.step);
    await second.run();
    assert.deepEqual(await outcome(second), await outcome(straight));
  }
});

Deno.test("of two Sessions of one experiment, the later to start takes over what the other did", async () => {
  const store = new MemoryStore();
  const sessions = [await open(experiment("both"), store), await open(experiment("both"), store)];
  await sessions[0]!.run();
  await sessions[1]!.run();
  assert.equal(sessions[1]!.status.restored, true);
  assert.deepEqual(await outcome(sessions[1]!), await outcome(sessions[0]!));
  assert.equal((await sessions[1]!.journal()).filter(({ trigger }) => trigger === "statistic").length, 15);
});

Deno.test("another process that runs it is waited for, then restored", async () => {
  const path = temporary();
  const session = await open(experiment("shared"), path);
  const child = spawn("hold_child.ts", path, "shared", "200");
  const output = lines(child.stdout);
  assert.equal((await output.next()).value, "running");
  await session.run();
  assert.equal((await output.next()).value, "completed");
  await output.return(undefined);
  await child.status;
  assert.equal(session.status.restored, true);
  assert.equal(session.history.length, 15);
  assert.equal((await session.journal()).filter(({ trigger }) => trigger === "statistic").length, 15);
});

Deno.test("two processes that begin it at once: one trains, both end with it", async () => {
  for (let round = 0; round < 3; round++) {
    const path = temporary();
    const children = [1, 2].map(() => spawn("hold_child.ts", path, "shared", "0"));
    const said = await Promise.all(children.map((child) => Array.fromAsync(lines(child.stdout))));
    assert.deepEqual(said.map((lines) => lines.at(-1)), ["completed", "completed"]);
    await Promise.all(children.map(({ status }) => status));
    const session = await open(experiment("shared"), path);
    assert.deepEqual((await session.journal()).filter(({ trigger }) => trigger === "statistic").length, 15);
    assert.deepEqual(await runs(new LowdbStore({ path })), ["shared"]);
  }
});

Deno.test("another process that goes on with it is named", async () => {
  const path = temporary();
  const child = spawn("hold_child.ts", path, "shared", "30000");
  const output = lines(child.stdout);
  assert.equal((await output.next()).value, "running");
  const session = await open(experiment("shared"), path);
  await assert.rejects(session.run(), new RegExp(`run "shared": process ${child.pid}.* has held it since`));
  assert.equal(session.status.phase, "failed");
  child.kill("SIGKILL");
  await output.return(undefined);
  await child.status;
  await session.run();
  assert.equal(session.status.phase, "completed");
  assert.equal(session.history.length, 15);
});

Deno.test("a name that is no file's name is refused", async () => {
  for (const name of ["", "../x", "a/b", ".hidden", "x".repeat(101), "CON"]) {
    await assert.rejects(
      open(experiment(name), new MemoryStore()),
      /Cannot configure Session: name: .*Cannot name a run/,
    );
  }
  await assert.rejects(Session.configure({} as never), /name/);
});
