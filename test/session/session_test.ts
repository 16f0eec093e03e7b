import assert from "node:assert/strict";
import { lastValueFrom, map, scan, take, toArray } from "rxjs";
import {
  ArrayDataset,
  Configuration,
  every,
  History,
  MemoryStore,
  NDArray,
  on,
  register,
  Sequential,
  Session,
  Trainer,
} from "../../mod.ts";
import { temporary } from "../store/temporary.ts";
import { experiment, open, outcome, type Plain } from "./experiments.ts";

const start = (changes: Plain = {}) => open(experiment("one", changes), new MemoryStore());

Deno.test("a name and a data set are an experiment", async () => {
  const configuration = { name: "least", dataProvider: { datasets: { train: "Digits" } } } as const;
  const session = await Session.configure({ ...configuration, dbInterface: { LowdbStore: { path: temporary() } } });
  assert.deepEqual(session.status.check(), { usable: true, reasons: [] });
  const history = await session.run();
  assert.equal(session.trainer.looper.epoch, 10);
  assert.deepEqual(history.names, ["train/loss", "train/accuracy"]);
  assert.ok(history.last("train/loss")!.value < history.series("train/loss").y[0]!);
  assert.ok(["native", "webgpu", "wasm", "cpu"].includes(session.status.backend));
});

Deno.test("a small net reads digits", async () => {
  const session = await start({
    model: {
      net: { Sequential: { layers: [{ dense: { units: 48, activation: "relu" } }, { dense: { units: 10 } }] } },
      metrics: ["Accuracy"],
    },
    trainer: { callbacks: ["NaNDetector", { EarlyStopping: { patience: 4 } }] },
    looper: { epochs: 12 },
    data: { datasets: { train: "Digits", validation: { Digits: { split: "test" } } }, dataLoader: { batchSize: 32 } },
  });
  const history = await session.run();
  assert.ok(history.best("validation/accuracy", "max").value > 0.93);
  assert.ok(history.series("validation/loss", { by: "epoch" }).y.length >= 5);
});

Deno.test("the tree of an experiment, and where its events and Statistics come from", async () => {
  const session = await start({
    data: { datasets: { train: "Digits", validation: { Digits: { split: "test", classes: [1] } } } },
  });
  const paths = [...session.modules()].map(([path]) => path);
  for (
    const path of [
      "",
      "trainer",
      "trainer.model",
      "trainer.model.net",
      "trainer.model.optimizer",
      "trainer.model.criterion",
      "trainer.looper",
      "dataProvider",
      "dataProvider.datasets.train",
      "dataProvider.sampler",
      "dataProvider.dataLoader",
      "dbInterface",
    ]
  ) {
    assert.ok(paths.includes(path), path);
  }
  const sources = new Set<string>(), nearer = new Set<string>(), triggers = new Set<string>();
  session.events$.subscribe(({ path, trigger }) => (sources.add(path), triggers.add(trigger)));
  session.trainer.statistics$.subscribe(({ path, phase }) => nearer.add(`${path} ${phase}`));
  await session.run();
  assert.deepEqual(sources, new Set(["", "trainer.looper"]));
  assert.deepEqual(nearer, new Set(["looper train", "looper validation"]));
  for (const part of ["training", "epoch", "training_step", "validation"]) {
    assert.ok(triggers.has(`start_of_${part}`) && triggers.has(`end_of_${part}`), part);
  }
});

Deno.test("the History is a scan over the Statistics, and is the journal's", async () => {
  const session = await start();
  const mine = lastValueFrom(session.statistics$.pipe(scan(History.append, History.empty)));
  const replayed = lastValueFrom(session.history$);
  const tenths = lastValueFrom(
    session.events$.pipe(on("end_of_training_step", every(5)), map((event) => event.step), toArray()),
  );
  const first = lastValueFrom(
    session.events$.pipe(on("end_of_training_step"), take(2), map(({ payload }) => payload), toArray()),
  );
  const history = await session.run();
  assert.ok((await mine).equals(history) && (await replayed).equals(history) && session.history === history);
  assert.deepEqual(await tenths, [5, 10, 15]);
  const [, second] = await first;
  assert.ok(Object.isFrozen(second) && second!.step === 2 && second!.size === 24 && second!.samples === 48);
  const recorded = (await session.journal()).filter(({ trigger }) => trigger === "statistic");
  assert.deepEqual(recorded.map(({ payload }) => payload.values), [...history].map(({ values }) => values));
});

Deno.test("the seed is all that two runs need to be the same", async () => {
  const [a, b, c] = await Promise.all([start(), start(), start({ seed: 4 })]);
  for (const session of [a, b, c]) await session!.run();
  assert.deepEqual(await outcome(a!), await outcome(b!));
  assert.notEqual((await outcome(a!)).digest, (await outcome(c!)).digest);
});

Deno.test("two experiments side by side disturb each other in nothing", async () => {
  const alone = await start({ model: { optimizer: "Sgd" } });
  await alone.run();
  const [a, b] = await Promise.all([start({ model: { optimizer: "Sgd" } }), start({ seed: 9 })]);
  await Promise.all([a!.run(), b!.run()]);
  assert.deepEqual(await outcome(a!), await outcome(alone));
});

Deno.test("a description goes through a file and builds the same experiment", async () => {
  const session = await start();
  await session.run();
  for (const extension of ["json", "yaml"]) {
    const file = `${temporary()}/experiment.${extension}`;
    for (const configuration of [new Configuration(experiment("one")), session.configuration]) {
      await configuration.with("dbInterface=MemoryStore").write(file);
      const again = await (await Configuration.read(file)).configure() as Session;
      await again.run();
      assert.deepEqual(await outcome(again), await outcome(session));
    }
  }
});

Deno.test("what is configured wrongly is one error with every path", async () => {
  const wrong = {
    ...experiment("one"),
    sead: 3,
    trainer: {
      loper: {},
      model: { optimizer: { Adam: { learningRate: "fast" } }, criterion: "Crossentropie" },
      looper: { epochs: -1 },
    },
  };
  const error: Error = await Session.configure(wrong as never).then(() => assert.fail(), (error) => error);
  assert.ok(error instanceof TypeError);
  for (
    const part of [
      /"sead".*"seed"/s,
      /trainer.*"loper".*"looper"/s,
      /trainer\.model\.optimizer.*learningRate/,
      /trainer\.model\.criterion.*"Crossentropie"/,
      /trainer\.looper\.epochs/,
    ]
  ) {
    assert.match(error.message, part);
  }
});

const input = new NDArray("float32", [6, 3], Float32Array.from({ length: 18 }, (_, i) => i / 18));
const six = new ArrayDataset({ input, target: [0, 1, 0, 1, 0, 1] });
const empty = new ArrayDataset({ input: new NDArray("float32", [0, 3]), target: new NDArray("int32", [0]) });
const layers = (...layers: Plain[]) => ({ model: { net: { Sequential: { layers } } } });

/** Found when the experiment is configured: before anything is trained. */
const faults: Record<string, [changes: Plain, error: RegExp]> = {
  "no data set": [{ data: { datasets: {} } }, /there is no data set; put one into datasets/],
  "an empty data set": [
    { data: { datasets: { train: empty }, dataLoader: {} } },
    /train \(ArrayDataset\) has no items/,
  ],
  "a batch larger than the data": [
    { data: { datasets: { train: six }, dataLoader: { batchSize: 7 } } },
    /batchSize is 7, but a pass over train has 6 items/,
  ],
  "validation data of another shape": [
    { data: { datasets: { train: six, validation: "Digits" }, dataLoader: { batchSize: 2 } } },
    /items of validation have input \[8, 8, 1\], those of train \[3\]/,
  ],
  "a first layer that doesn't fit the data": [
    layers({ dense: { units: 4, inputShape: [5] } }, { dense: { units: 10 } }),
    /its first layer takes items of shape \[5\], found \[8,8,1\]/,
  ],
  "a layer that doesn't fit the one before": [
    layers({ conv2d: { filters: 2, kernelSize: 3 } }, { conv2d: { filters: 2, kernelSize: 9 } }, {
      dense: { units: 10 },
    }),
    /layer conv2d_2 on items of shape \[6,6,2\]/,
  ],
  "a series that will never come": [
    {
      trainer: { callbacks: [{ EarlyStopping: { monitor: "validation/los" } }] },
      data: { datasets: { train: "Digits", validation: "Digits" } },
    },
    /Cannot monitor "validation\/los" by callback EarlyStopping.*"validation\/loss".*train\/loss, train\/accuracy, validation\/loss, validation\/accuracy/,
  ],
  "a series of a validation that is not": [
    { trainer: { callbacks: ["EarlyStopping"] } },
    /Cannot monitor "validation\/loss".*those that will: train\/loss, train\/accuracy$/,
  ],
  "a series of a validation that is switched off": [
    {
      trainer: { callbacks: ["ReduceLROnPlateau"] },
      looper: { epochs: 2, validate: false },
      data: { datasets: { train: "Digits", validation: "Digits" } },
    },
    /Cannot monitor "validation\/loss"/,
  ],
};
for (const [what, [changes, error]] of Object.entries(faults)) {
  Deno.test(`before step 1: ${what} is an error`, async () => {
    const store = new MemoryStore();
    await assert.rejects(open(experiment("one", changes), store), error);
    assert.deepEqual(await store.runs.list(), [], "nothing is written");
  });
}

Deno.test("more classes than the last layer has units is an error that says so", async () => {
  const session = start({ ...layers({ dense: { units: 7 } }), data: { datasets: { train: "Digits" } } });
  await assert.rejects(session.then((session) => session.run()), /found class \d, the net's output has 7/);
});

Deno.test("no data to train on is an error that names those there are", async () => {
  const configured = start({ data: { datasets: { training: "Digits" } } });
  await assert.rejects(configured, /Cannot configure Session.*no data set is named "train"; there is "training"/);
});

Deno.test("classes of one's own take the place of those they extend", async () => {
  class SlowTrainer extends Trainer {
    override step(batch: Parameters<Trainer["step"]>[0]) {
      return { ...super.step(batch) as Record<string, number>, size: batch.size };
    }
  }
  class Shallow extends Sequential {}
  register(SlowTrainer, Shallow);
  const { trainer, ...rest } = experiment("own", {
    model: { net: { Shallow: { layers: [{ dense: { units: 10 } }] } } },
  });
  const session = await open({ ...rest, trainer: { SlowTrainer: trainer } }, new MemoryStore());
  assert.ok(session.trainer instanceof SlowTrainer && session.trainer.model.net instanceof Shallow);
  const history = await session.run();
  assert.deepEqual([...history.series("train/size").y].slice(0, 5), [24, 24, 24, 24, 4]);
});

Deno.test("called, it runs; built by new, it prepares itself", async () => {
  const { dbInterface: _, ...configuration } = experiment("called");
  const session = new Session({ ...configuration, dbInterface: new MemoryStore() } as never);
  const history = await session();
  assert.equal(history.length, 15);
  assert.equal(session.status.phase, "completed");
  assert.match(String(session), /Session.*trainer/s);
});
