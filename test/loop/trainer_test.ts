import assert from "node:assert/strict";
import {
  ArrayDataset,
  type Batch,
  Callback,
  DataProvider,
  Digits,
  loadTf,
  MemoryStore,
  NDArray,
  on,
  register,
  Session,
  Sgd,
  Trainer,
} from "../../mod.ts";

const model = { net: { Sequential: { layers: [{ dense: { units: 10 } }] } } };
const digits = () => new Digits({ classes: [0, 1, 2] });

/** Data of seven items, in batches of three: 3, 3 and 1. */
const seven = new ArrayDataset({
  input: new NDArray("float32", [7, 2], Float32Array.from({ length: 14 }, (_, i) => i % 5)),
  target: [0, 1, 0, 1, 0, 1, 1],
});

Deno.test("trainer: alone on a data set", async () => {
  const trainer = await Trainer.configure({ model, looper: { steps: 8 } });
  const history = await trainer.train(digits());
  assert.equal(history.series("train/loss").y.length, 8);
  assert.equal(trainer.status.phase, "completed");
  assert.equal(trainer.status.reason, "8 steps are done");
  assert.ok(history.series("train/loss").y[7]! < history.series("train/loss").y[0]!);
  trainer.looper.steps = 10;
  assert.equal((await trainer(digits())).length, 10, "called again, it goes on");
});

Deno.test("trainer: alone on data sets by phase, and on a provider", async () => {
  const trainer = await Trainer.configure({ model, looper: { epochs: 2 } });
  const history = await trainer.train({ train: digits(), validation: new Digits({ split: "test", classes: [0, 1] }) });
  assert.equal(history.series("validation/loss").y.length, 2);
  const provider = await DataProvider.configure({
    datasets: { train: seven },
    dataLoader: { batchSize: 3 },
    sampler: "Sampler",
  });
  const other = await Trainer.configure({ looper: { epochs: 2 } });
  assert.deepEqual([...(await other.train(provider)).series("train/loss").x], [1, 2, 3, 4, 5, 6]);
});

Deno.test("trainer: means over unequal batches are those over all samples", async () => {
  const means: number[] = [];
  for (const batchSize of [3, 7]) {
    const provider = await DataProvider.configure({
      datasets: { train: seven, validation: seven },
      dataLoader: { batchSize },
      sampler: "Sampler",
    });
    const trainer = await Trainer.configure({
      model: { optimizer: { Sgd: { learningRate: 0 } } },
      looper: { epochs: 1 },
    });
    const history = await trainer.train(provider);
    for (const name of ["train/loss", "validation/loss", "train/accuracy", "validation/accuracy"]) {
      means.push(history.series(name, { by: "epoch" }).y[0]!);
    }
  }
  means.slice(0, 4).forEach((mean, i) => assert.ok(Math.abs(mean - means[i + 4]!) < 1e-6, `${means}`));
});

/** A step of one's own, which returns other names too. */
class Half extends Trainer {
  override async step(batch: Batch) {
    const values = await (batch.index[0]! % 2 === 0 ? super.step(batch) : super.evaluate(batch));
    return { ...values, halved: values.loss! / 2, learnt: batch.index[0]! % 2 === 0 ? 1 : 0 };
  }
}

Deno.test("trainer: the step alone overridden; callbacks and History keep working", async () => {
  const trainer = await Half.configure({
    model,
    looper: { epochs: 2 },
    callbacks: ["NaNDetector", { EarlyStopping: { monitor: "train/halved", patience: 50 } }],
  });
  const before = trainer.events$.pipe(on("end_of_training_step"));
  const heard: number[] = [];
  before.subscribe(({ halved }) => heard.push(halved));
  const history = await trainer.train(digits());
  assert.deepEqual([...history.series("train/halved").y], heard);
  assert.deepEqual([...new Set(history.series("train/learnt").y)].sort(), [0, 1]);
  assert.deepEqual(history.names, ["train/loss", "train/accuracy", "train/halved", "train/learnt"]);
  const { EarlyStopping } = trainer.callbacks.modules() as unknown as Record<string, { best: number }>;
  assert.ok(EarlyStopping!.best > 0);
});

Deno.test("trainer: the step alone overridden; saving keeps working", async () => {
  register(Half);
  const dbInterface = new MemoryStore();
  const configure = () =>
    Session.configure({
      name: "half",
      trainer: { Half: { model, looper: { steps: 9 } } },
      dataProvider: { datasets: { train: "Digits" } },
      dbInterface,
    });
  const session = await configure();
  await session.run();
  const again = await configure();
  assert.equal(again.status.phase, "completed");
  assert.ok(again.history.equals(session.history));
  assert.equal((await again.state()).digest(), (await session.state()).digest());
});

Deno.test("trainer: a series that will never come is found before step 1, one of an own step is not asked for", async () => {
  const configure = (Class: typeof Trainer, monitor: string) =>
    Class.configure({ model, looper: { steps: 2 }, callbacks: [{ EarlyStopping: { monitor } }] });
  const trainer = await configure(Trainer, "train/halved");
  await assert.rejects(
    trainer.train(digits()),
    /Cannot monitor "train\/halved" by callback EarlyStopping: no such series will come;.*those that will: train\/loss, train\/accuracy/,
  );
  assert.equal(trainer.looper.step, 0);
  const aimed = await Trainer.configure({ model, looper: { target: { series: "train/acuracy", value: 1 } } });
  await assert.rejects(
    aimed.train(digits()),
    /Cannot monitor "train\/acuracy" as the target of Looper: no such series.*"train\/accuracy"/,
  );
  const keep = { best: { series: "validation/loss" } };
  await assert.rejects(
    (await Trainer.configure({ model, checkpoints: { keep } })).train(digits()),
    /Cannot monitor "validation\/loss" to keep the best checkpoints/,
  );
  assert.equal((await (await configure(Half as never, "train/halved")).train(digits())).length, 2);
});

Deno.test("trainer: what a callback throws fails it; what needs a Session says so", async () => {
  const trainer = await Trainer.configure({ model, looper: { steps: 9 } });
  trainer.callbacks.register(
    new class Alarm extends Callback {
      end_of_training_step({ step }: { step: number }) {
        if (step === 3) throw new Error("alarm");
      }
    }(),
  );
  await assert.rejects(trainer.train(digits()), /Callback Alarm threw at end_of_training_step: alarm/);
  assert.equal(trainer.status.phase, "failed");
  assert.equal(trainer.history.length, 3);
  const saving = await Trainer.configure({ model, callbacks: [{ ModelCheckpoint: { monitor: "train/loss" } }] });
  await assert.rejects(
    saving.train(digits()),
    /Cannot do "checkpoint".*register the callback with a Trainer or a Session/,
  );
});

Deno.test("trainer: bad data are clear errors before step 1", async () => {
  const trainer = () => Trainer.configure({ model, looper: { steps: 2 } });
  const empty = new ArrayDataset({ input: new NDArray("float32", [0, 3]), target: new NDArray("int32", [0]) });
  await assert.rejects((await trainer()).train(empty), /empty|no items|has 0/);
  await assert.rejects((await trainer()).train({}), /no data set/);
  await assert.rejects(
    (await trainer()).train({ valdation: digits() }),
    /no data set is named "train"; there is "valdation"/,
  );
  const large = await DataProvider.configure({ datasets: { train: seven }, dataLoader: { batchSize: 32 } });
  await assert.rejects((await trainer()).train(large), /batchSize is 32, but a pass over train has 7 items/);
  assert.equal((await (await trainer()).train(seven)).length, 2, "a batch size that nobody chose is cut to the data");
});

Deno.test("trainer: what is assigned while it trains is told, a Module too", async () => {
  const trainer = await Trainer.configure({ model, looper: { steps: 9 } });
  const heard: unknown[] = [];
  trainer.events$.pipe(on(["parameter_changed", "module_replaced"])).subscribe(({ path, name }) =>
    heard.push(`${path} ${name}`)
  );
  trainer.events$.pipe(on("end_of_training_step")).subscribe(({ step }) => {
    if (step === 3) trainer.model.optimizer.learningRate = 0.5;
    if (step === 5) trainer.model.optimizer = new Sgd({ learningRate: 0.1 }) as never;
  });
  await trainer.train(digits());
  assert.deepEqual(heard, ["model.optimizer learningRate", "model.optimizer optimizer"]);
});

Deno.test("trainer: tensors are as many after every step", async () => {
  const tf = await loadTf();
  for (const Class of [Trainer, Half]) {
    const trainer = await Class.configure({ model, looper: { epochs: 3 } });
    const counts: number[] = [];
    trainer.events$.pipe(on("end_of_training_step")).subscribe(() => counts.push(tf.memory().numTensors));
    await trainer.train({ train: digits(), validation: digits() });
    assert.equal(new Set(counts.slice(2)).size, 1, `${counts}`);
  }
});
