import assert from "node:assert/strict";
import { interval, map, mergeMap, take } from "rxjs";
import { ArrayDataset, Callback, MemoryStore, NDArray, on, Session, set } from "../../mod.ts";
import { at, experiment, open, outcome, type Plain } from "./experiments.ts";

const start = (changes: Plain = {}, store = new MemoryStore()) => open(experiment("dynamic", changes), store);
const triggers = async (session: Session, ...wanted: string[]) =>
  (await session.journal()).filter(({ trigger }) => wanted.includes(trigger));

const breakages: Record<string, (session: Session) => void> = {
  "at once": (session) => {
    session.statistics$.subscribe(() => {
      throw new Error("my plot broke");
    });
  },
  "in an async function": (session) => {
    session.statistics$.subscribe(async () => {
      await Promise.resolve();
      throw new Error("my plot broke");
    });
  },
  "in a timer's promise": (session) => {
    at(
      session,
      2,
      () =>
        void new Promise((resolve) => setTimeout(resolve, 1)).then(() => Promise.reject(new Error("my plot broke"))),
    );
  },
  "inside an operator": (session) => {
    session.events$.pipe(map(({ step }) => {
      if (step === 3) throw new Error("my plot broke");
    })).subscribe();
  },
  "through a timed operator": (session) => {
    session.statistics$.pipe(mergeMap(() => interval(1).pipe(take(1)))).subscribe(() => {
      throw new Error("my plot broke");
    });
  },
};
for (const [how, breakIt] of Object.entries(breakages)) {
  Deno.test(`a subscriber that throws ${how} harms nothing and is not lost`, async () => {
    const session = await start({ looper: { steps: 60 } });
    const straight = await start({ looper: { steps: 60 } });
    await straight.run();
    breakIt(session);
    at(session, 20, () => void session.pause().then(() => setTimeout(() => session.resume(), 20)));
    await session.run();
    assert.equal(session.status.phase, "completed");
    assert.deepEqual(await outcome(session), await outcome(straight));
    assert.match(session.status.warnings.join(), /a subscriber threw: my plot broke/);
    const warned = await triggers(session, "warning");
    assert.equal(warned.filter(({ payload }) => /my plot broke/.test(payload.message)).length, 1, "told once");
  });
}

for (const how of ["throws", "rejects"]) {
  Deno.test(`a callback that ${how} fails the run and is named`, async () => {
    class Alarm extends Callback {
      seen = 0;
      end_of_training_step() {
        const error = new RangeError("alarm at five");
        if (++this.seen === 5 && how === "throws") throw error;
        return this.seen === 5 ? Promise.reject(error) : undefined;
      }
    }
    const store = new MemoryStore();
    const session = await start({}, store);
    session.callbacks.register(new Alarm());
    const error: Error = await session.run().then(() => assert.fail(), (error) => error);
    assert.match(error.message, /Callback Alarm threw at end_of_training_step: alarm at five/);
    assert.ok(error.cause instanceof RangeError);
    assert.equal(session.status.exception, error);
    assert.deepEqual(session.status.check(), { usable: false, reasons: [`it failed: ${error.message}`] });
    const last = (await session.journal()).findLast(({ trigger }) => trigger === "status_changed")!;
    assert.equal(last.payload.phase, "failed");
    assert.match(last.payload.reason, /Alarm/);
    assert.match((await store.runs.find("dynamic"))!.reason!, /Alarm/);
  });
}

Deno.test("a stream of a callback that errs fails the run and is named", async () => {
  const session = await start();
  session.callbacks.register(function watch(events$) {
    return events$.pipe(
      on("end_of_training_step"),
      map(({ step }) => {
        if (step === 4) throw new Error("no more");
        return set("optimizer.learningRate", 0.01);
      }),
    );
  });
  await assert.rejects(session.run(), /watch.*no more/);
  assert.equal(session.history.length, 4);
});

Deno.test("a loss that is no number fails the run; the good checkpoints stay, and the next run goes on from one", async () => {
  const store = new MemoryStore();
  const configuration = { trainer: { callbacks: ["NaNDetector"], checkpoints: { every: { steps: 2 } } } };
  const session = await start(configuration, store);
  at(session, 8, () => session.trainer.model.optimizer.learningRate = 1e38);
  await assert.rejects(session.run(), /loss is (NaN|-?Infinity) at step (9|10).*lower the learning rate/);
  assert.equal(session.status.phase, "failed");
  const failed = session.history.length;
  const again = await start(configuration, store);
  assert.equal(again.trainer.looper.step, failed % 2 === 0 ? failed - 2 : failed - 1);
  again.trainer.model.optimizer.learningRate = 0.01;
  const history = await again.run();
  if (again.trainer.looper.step === 15) assert.ok([...history].every(({ values }) => Number.isFinite(values.loss)));
});

Deno.test("a way to reopen that there is not, or two at once, are refused", async () => {
  const reopen = (ways: object) => Session.configure(experiment("reopened") as never, ways);
  await assert.rejects(reopen({ frehs: true }), /^TypeError: Cannot reopen a run by "frehs": did you mean "fresh"/);
  await assert.rejects(
    reopen({ fresh: true, fork: 3 }),
    /^TypeError: Cannot reopen a run in two ways: found fresh and/,
  );
});

Deno.test("what the model warns of before step 1 is on the Session's status", async () => {
  const layers = [{ dense: { units: 10, activation: "softmax" } }];
  const model = { net: { Sequential: { layers } }, criterion: { SparseCategoricalCrossentropy: { fromLogits: true } } };
  const session = await start({ trainer: { model } });
  assert.match(session.status.warnings.join(), /takes logits, and the net ends in softmax/);
});

Deno.test("a loss that becomes NaN is a warning when no NaNDetector is there, once", async () => {
  const session = await Session.configure({
    name: "nan",
    trainer: { looper: { steps: 9 }, model: { optimizer: { Sgd: { learningRate: 1e30 } } } },
    dataProvider: { datasets: { train: "Digits" } },
    dbInterface: "MemoryStore",
  });
  await session.run();
  const warnings = session.status.warnings.filter((warning) => /NaN/.test(warning));
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /^train\/loss is NaN from step \d on; the callback NaNDetector ends a run there$/);
});

Deno.test("a handful of items is an experiment too", async () => {
  const items = new ArrayDataset({ input: new NDArray("float32", [5, 2]), target: [0, 1, 0, 1, 1] });
  const session = await Session.configure({
    name: "few",
    dataProvider: { datasets: { train: items } },
    dbInterface: "MemoryStore",
  });
  assert.equal((await session.run()).length, 10, "a step an epoch");
});
