import assert from "node:assert/strict";
import { Adam, loadTf, MemoryStore, on, type Session, Sgd } from "../../mod.ts";
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
