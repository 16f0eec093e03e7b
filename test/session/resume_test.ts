import assert from "node:assert/strict";
import { filter, map, take } from "rxjs";
import { MemoryStore, on, type Session, stop } from "../../mod.ts";
import { at, begin, experiment, kinds, open, outcome, seeded } from "./experiments.ts";

const moments = [
  "end_of_training_step",
  "start_of_training_step",
  "end_of_epoch",
  "start_of_epoch",
  "start_of_validation",
  "end_of_validation",
];

/** Stops at one random moment after another, and goes on in a Session of its own each time. */
async function broken(
  kind: (typeof kinds)[string],
  random: () => number,
): Promise<{ session: Session; stops: number }> {
  const store = new MemoryStore();
  for (let stops = 0, known = 0;; stops++) {
    const session = await begin(kind, store);
    assert.equal(session.trainer.looper.step, known, "it goes on where it was");
    const coming = session.dataProvider.phases.includes("validation") ? moments : moments.slice(0, 4);
    const trigger = coming[Math.floor(random() ** 2 * coming.length)]!;
    const from = known + 1 + Math.floor(random() * 5);
    session.events$.pipe(on(trigger), filter(({ step }) => step >= from), take(1))
      .subscribe(() => void session.stop(`at ${trigger}`));
    await session.run();
    known = session.trainer.looper.step;
    if (session.status.phase === "completed") return { session, stops };
    assert.equal(session.status.phase, "interrupted");
    assert.match(session.status.reason!, new RegExp(`at ${trigger}`));
  }
}

for (const [name, kind] of Object.entries(kinds)) {
  Deno.test(`stopped anywhere it ends the same: ${name}`, async () => {
    const straight = await begin(kind, new MemoryStore());
    await straight.run();
    const wanted = await outcome(straight);
    const random = seeded(name);
    let all = 0;
    for (let round = 0; round < 4; round++) {
      const { session, stops } = await broken(kind, random);
      assert.deepEqual(await outcome(session), wanted);
      assert.equal(session.history.length, straight.history.length);
      all += stops;
    }
    assert.ok(all >= 4, `stopped ${all} times`);
  });
}

for (const step of [5, 10, 15]) {
  Deno.test(`a run of ${step} steps, extended, ends as the long one`, async () => {
    const kind = kinds["dropout, batch normalization and Adam, a lower rate on a plateau"]!.configuration;
    const trainer = (steps: number) => ({ ...kind, trainer: { ...kind.trainer, looper: { steps } } });
    const straight = await open(trainer(23), new MemoryStore());
    await straight.run();
    const store = new MemoryStore();
    const short = await open(trainer(step), store);
    await short.run();
    assert.equal(short.trainer.looper.step, step);
    const longer = await open(trainer(23), store, { extend: true });
    assert.equal(longer.trainer.looper.step, step);
    await longer.run();
    assert.deepEqual(await outcome(longer), await outcome(straight));
  });
}

Deno.test("the same Session, stopped and started again, ends the same", async () => {
  const straight = await open(experiment("one"), new MemoryStore());
  await straight.run();
  const session = await open(experiment("one"), new MemoryStore());
  for (const step of [2, 7, 10]) {
    at(session, step, () => void session.stop());
    await session.run();
    assert.equal(session.trainer.looper.step, step);
  }
  await session.run();
  assert.deepEqual(await outcome(session), await outcome(straight));
  const recorded = (await session.journal()).filter(({ trigger }) => trigger === "statistic");
  assert.deepEqual(recorded.map(({ payload }) => payload.step), [...straight.history].map(({ step }) => step));
});

Deno.test("stopping without saving goes back to the last checkpoint", async () => {
  const straight = await open(experiment("one"), new MemoryStore());
  await straight.run();
  const changed = experiment("one", { trainer: { checkpoints: { every: { steps: 3 }, onStop: false } } });
  const store = new MemoryStore();
  const session = await open(changed, store);
  at(session, 8, () => void session.stop());
  await session.run();
  assert.equal(session.trainer.looper.step, 8);
  const again = await open(changed, store);
  assert.equal(again.trainer.looper.step, 6);
  for (const one of [session, again]) {
    await one.run();
    assert.deepEqual(await outcome(one), await outcome(straight));
    const steps = (await one.journal()).filter(({ trigger }) => trigger === "statistic").map(({ payload }) =>
      payload.step
    );
    assert.deepEqual(steps, [...straight.history].map(({ step }) => step), "no step missing or doubled on record");
  }
});

Deno.test("stopped before its first step, it begins the next time", async () => {
  const store = new MemoryStore();
  const session = await open(experiment("one"), store);
  session.start();
  await session.stop("too early");
  assert.equal(session.trainer.looper.step, 0);
  assert.equal(session.status.phase, "interrupted");
  assert.match(session.status.reason!, /too early/);
  const again = await open(experiment("one"), store);
  assert.equal((await again.run()).last("train/loss")!.step, 15);
});

Deno.test("a run that a callback stopped stays stopped, also when it died before that was on record", async () => {
  const store = new MemoryStore();
  const configuration = experiment("stopped", {
    trainer: { checkpoints: { every: { steps: 1 }, keep: { last: 99 } } },
  });
  const session = await open(configuration, store);
  session.callbacks.register((events$) =>
    events$.pipe(on("end_of_training_step"), filter(({ step }) => step === 7), map(() => stop("seven")))
  );
  await session.run();
  const straight = await outcome(session);
  // As a kill leaves it between the last step's checkpoint and the end.
  const run = await store.runs.open("stopped");
  const last = (await run.checkpoints()).filter(({ reason }) => reason !== "completed").at(-1)!;
  assert.equal(last.step, 7);
  await run.truncate(last.sequence);
  await run.update({ phase: "running" });
  await run.close();
  const again = await open(configuration, store);
  await again.run();
  assert.deepEqual([again.status.phase, again.status.reason], ["completed", "seven"]);
  assert.deepEqual(await outcome(again), straight);
  const longer = await again.extend({ epochs: 20 });
  await longer.run();
  assert.ok(longer.trainer.looper.step > 7, "extending goes on");
});
