import assert from "node:assert/strict";
import { filter, interval, map, mergeMap, take } from "rxjs";
import {
  Adam,
  Callback,
  checkpoint,
  type Event,
  every,
  fail,
  keep,
  loadTf,
  MemoryStore,
  on,
  once,
  restore,
  type Session,
  set,
  Sgd,
  skip,
  stop,
} from "../../mod.ts";
import { at, experiment, open, outcome, type Plain } from "./experiments.ts";

const start = (changes: Plain = {}, store = new MemoryStore()) => open(experiment("dynamic", changes), store);
const triggers = async (session: Session, ...wanted: string[]) =>
  (await session.journal()).filter(({ trigger }) => wanted.includes(trigger));

Deno.test("pause, resume, stop and done", async () => {
  const session = await start({ looper: { steps: 400 } });
  const phases: string[] = [];
  session.status$.subscribe(({ phase, path }) => path === "" && phases.push(phase));
  assert.equal(await session.pause(), undefined, "before it runs there is nothing to pause");
  session.resume();
  const run = session.start();
  assert.equal(run, session);
  assert.equal(session.start(), session, "it runs already");
  await new Promise<void>((resolve) => at(session, 5, resolve));
  await session.pause();
  assert.equal(session.status.phase, "paused");
  const step = session.trainer.looper.step;
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(session.trainer.looper.step, step);
  await session.pause();
  session.resume();
  session.resume();
  await new Promise<void>((resolve) => at(session, step + 5, resolve));
  await session.pause();
  await session.stop("enough");
  const history = await session.done;
  assert.equal(history.length, session.trainer.looper.step);
  assert.deepEqual(phases, ["ready", "running", "paused", "running", "paused", "running", "interrupted"]);
  assert.equal(session.status.reason, "enough");
  await session.stop();
  assert.equal(session.status.phase, "interrupted", "stopping what has ended changes nothing");
});

Deno.test("paused at the moment of its end it just ends, and starts again", async () => {
  const session = await start();
  let paused: Promise<void> | undefined;
  session.events$.pipe(on("end_of_training")).subscribe(() => paused = session.pause());
  await session.run();
  await paused;
  assert.equal(session.status.phase, "completed");
  const longer = await session.extend({ epochs: 4 });
  assert.equal((await longer.run()).length, 20);
});

Deno.test("what is assigned between steps is on record, and in the checkpoint", async () => {
  const store = new MemoryStore();
  const session = await start({}, store);
  at(session, 4, () => {
    session.trainer.model.optimizer.learningRate = 0.5;
    session.trainer.model.optimizer.learningRate = 0.004;
  });
  at(session, 6, () => session.dataProvider.dataLoader.batchSize = 20);
  at(session, 8, () => session.trainer.model.optimizer = new Sgd({ learningRate: 0.05 }) as never);
  at(session, 9, () => session.trainer.model.optimizer.learningRate = 0.06);
  at(session, 15, () => session.trainer.looper.epochs = 4);
  await session.run();
  const changes = await triggers(session, "parameter_changed", "module_replaced");
  assert.deepEqual(changes.map(({ trigger, path, payload: { name, from, to } }) => [trigger, path, name, from, to]), [
    ["parameter_changed", "trainer.model.optimizer", "learningRate", 0.01, 0.004],
    ["parameter_changed", "dataProvider.dataLoader", "batchSize", 24, 20],
    [
      "module_replaced",
      "trainer.model.optimizer",
      "optimizer",
      JSON.stringify({ Adam: new Adam({ learningRate: 0.01 }).configuration.toJSON() }),
      JSON.stringify({ Sgd: new Sgd({ learningRate: 0.05 }).configuration.toJSON() }),
    ],
    ["parameter_changed", "trainer.model.optimizer", "learningRate", 0.05, 0.06],
    ["parameter_changed", "trainer.looper", "epochs", 3, 4],
  ]);
  assert.equal(session.trainer.looper.epoch, 4);
  const again = await start({}, store);
  assert.equal(again.trainer.model.optimizer.constructor.name, "Sgd");
  assert.equal(again.trainer.model.optimizer.learningRate, 0.06);
  assert.equal(again.dataProvider.dataLoader.batchSize, 20);
  assert.deepEqual(await outcome(again), await outcome(session));
});

Deno.test("an assignment of the same value is no change", async () => {
  const session = await start();
  session.statistics$.subscribe(() => session.trainer.model.optimizer.learningRate = 0.01);
  await session.run();
  assert.deepEqual(await triggers(session, "parameter_changed"), []);
});

/** A callback that answers a trigger at a step. */
class Answer extends Callback {
  readonly #answers: Record<string, unknown>;
  constructor(answers: Record<string, unknown>) {
    super();
    this.#answers = answers;
  }
  start_of_training_step({ step }: Event) {
    return this.#answers[`start ${step}`];
  }
  end_of_training_step({ step }: Event) {
    return this.#answers[`${step}`];
  }
}

/** The same answers by a class and by a function of streams. */
const ways: Record<string, (session: Session, answers: Record<string, unknown>) => void> = {
  "a class": (session, answers) => void session.callbacks.register(new Answer(answers)),
  "a function of streams": (session, answers) =>
    void session.callbacks.register((events$) =>
      events$.pipe(
        on("end_of_training_step"),
        mergeMap(({ step }) => [answers[`${step}`] ?? []].flat() as ReturnType<typeof stop>[]),
      )
    ),
};

for (const [way, register] of Object.entries(ways)) {
  Deno.test(`${way} may stop the run: it is completed, for that reason`, async () => {
    const session = await start();
    register(session, { 7: stop("seven is enough"), 8: stop("never asked") });
    assert.equal((await session.run()).length, 7);
    assert.equal(session.status.phase, "completed");
    assert.equal(session.status.reason, "seven is enough");
  });

  Deno.test(`${way} may let it fail, and it goes on the next time`, async () => {
    const store = new MemoryStore();
    const session = await start({}, store);
    register(session, { 7: fail("seven is bad luck") });
    await assert.rejects(session.run(), /seven is bad luck/);
    assert.equal(session.status.phase, "failed");
    assert.equal((await store.runs.find("dynamic"))!.phase, "failed");
    const again = await start({}, store);
    assert.equal(again.trainer.looper.step, 6);
    await again.run();
    const straight = await start();
    await straight.run();
    assert.deepEqual((await outcome(again)).statistics, (await outcome(straight)).statistics);
  });

  Deno.test(`${way} may set a parameter, by a value or from the one before`, async () => {
    const session = await start();
    register(session, {
      3: set("trainer.model.optimizer.learningRate", 0.008),
      5: [set("optimizer.learningRate", (rate: unknown) => rate as number / 2), set("looper.epochs", 2)],
    });
    await session.run();
    const changes = await triggers(session, "parameter_changed");
    assert.deepEqual(changes.map(({ payload }) => [payload.from, payload.to]), [[0.01, 0.008], [0.008, 0.004], [3, 2]]);
    assert.equal(session.trainer.looper.epoch, 2);
  });

  Deno.test(`${way} may ask for a checkpoint, which stays by its tag`, async () => {
    const store = new MemoryStore();
    const session = await start({ trainer: { checkpoints: { every: false, keep: { last: 1 } } } }, store);
    register(session, { 4: checkpoint({ tag: "four" }), 6: checkpoint(), 7: checkpoint({ tag: "seven", score: 1 }) });
    await session.run();
    const run = await store.runs.open("dynamic", { readonly: true });
    assert.deepEqual((await run.checkpoints()).map(({ step, reason, tags }) => [step, reason, tags]), [
      [4, "callback", ["four"]],
      [7, "callback", ["seven"]],
      [15, "completed", undefined],
    ]);
    await run.close();
  });

  Deno.test(`${way} may keep weights and put them back`, async () => {
    const session = await start();
    register(session, { 4: keep("mine"), 9: [restore("mine"), stop("back to four")] });
    let wanted: string | undefined;
    at(session, 5, () => void 0);
    session.events$.pipe(on("start_of_training_step"), filter(({ step }) => step === 5), take(1))
      .subscribe(() => void session.trainer.model.net.state().then((state) => wanted = state.digest()));
    await session.run();
    assert.equal((await session.trainer.model.net.state()).digest(), wanted);
  });

  Deno.test(`${way} that asks for what is not there ends the run with an error`, async () => {
    const session = await start();
    register(session, { 3: set("optimizer.learningrate", 1) });
    await assert.rejects(session.run(), /Cannot set "optimizer\.learningrate"/);
    assert.equal(session.status.phase, "failed");
  });
}

Deno.test("a callback may pass over a batch: nothing is learnt from it, nothing recorded", async () => {
  const session = await start({ looper: { epochs: 1 } });
  const sizes: number[] = [];
  let skipped = 0;
  session.callbacks.register(
    new class Skipper extends Callback {
      start_of_training_step({ size }: Event) {
        sizes.push(size);
        if (size === 24 && skipped++ === 1) return skip();
      }
    }(),
  );
  const history = await session.run();
  assert.deepEqual(sizes, [24, 24, 24, 24, 4]);
  assert.deepEqual([...history].map(({ step, size }) => [step, size]), [[1, 24], [2, 24], [3, 24], [4, 4]]);
});

Deno.test("callbacks run in order, each awaited, before anybody else hears", async () => {
  const session = await start({ looper: { steps: 2 } });
  const heard: string[] = [];
  const listener = (name: string) =>
    new class Listener extends Callback {
      async end_of_training_step({ step }: Event) {
        await new Promise((resolve) => setTimeout(resolve, 5));
        heard.push(`${name} ${step}`);
      }
    }();
  const forget = session.callbacks.register(listener("a"));
  session.callbacks.register(listener("b"));
  session.trainer.callbacks.register(listener("nearer"));
  session.events$.pipe(on("end_of_training_step")).subscribe(({ step }) => heard.push(`stream ${step}`));
  at(session, 1, forget);
  await session.run();
  assert.deepEqual(heard, ["nearer 1", "a 1", "b 1", "stream 1", "nearer 2", "b 2", "stream 2"]);
});

Deno.test("every, once, and streams that complete with the run", async () => {
  const session = await start({ looper: { epochs: 4 } });
  const heard: Record<string, number[]> = { every: [], once: [], epochs: [], at: [] };
  let completed = 0;
  const listen = (name: string, trigger: string, operator: Parameters<typeof on>[1], count = "step") =>
    session.events$.pipe(on(trigger, operator!)).subscribe({
      next: (event) => heard[name]!.push(event[count]),
      complete: () => completed++,
    });
  listen("every", "end_of_training_step", every(6));
  listen("once", "end_of_training_step", once());
  listen("at", "end_of_training_step", once(11));
  listen("epochs", "end_of_epoch", every(2), "epoch");
  session.history$.subscribe({ complete: () => completed++ });
  session.status$.subscribe({ complete: () => completed++ });
  await session.run();
  assert.deepEqual(heard, { every: [6, 12, 18], once: [1], at: [11], epochs: [2, 4] });
  assert.equal(completed, 6);
});

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

Deno.test("tensors are as many after every step", async () => {
  const tf = await loadTf();
  for (const model of [{}, { optimizer: { Momentum: {} } }]) {
    const session = await start({
      model,
      looper: { epochs: 6, validate: { steps: 4 } },
      data: { datasets: { train: "Digits", validation: { Digits: { split: "test" } } } },
      trainer: { callbacks: [{ EarlyStopping: { monitor: "validation/loss" } }] },
    });
    const counts: number[] = [];
    session.events$.pipe(on("end_of_training_step")).subscribe(() => counts.push(tf.memory().numTensors));
    await session.run();
    assert.equal(new Set(counts.slice(1)).size, 1, `${counts}`);
  }
});

Deno.test("evaluating changes nothing, whichever data", async () => {
  const session = await start({ data: { datasets: { train: "Digits", test: { Digits: { split: "test" } } } } });
  await session.run();
  const before = await outcome(session);
  const test = await session.evaluate("test");
  assert.deepEqual(Object.keys(test), ["loss", "accuracy"]);
  const train = await session.evaluate("train");
  assert.ok(Number.isFinite(train.loss));
  assert.deepEqual(await outcome(session), before);
  await assert.rejects(session.evaluate("tset"), /no data set has this name.*"test"/);
});

Deno.test("evaluating while it trains changes nothing", async () => {
  const straight = await start({ looper: { steps: 40 } });
  await straight.run();
  const session = await start({ looper: { steps: 40 } });
  const evaluated: Promise<unknown>[] = [];
  at(session, 7, () => evaluated.push(session.evaluate("train")));
  await session.run();
  await Promise.all(evaluated);
  assert.deepEqual(await outcome(session), await outcome(straight));
});
