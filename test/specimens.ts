import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Tensor } from "@tensorflow/tfjs-core";
import { of } from "rxjs";
import {
  type Batch,
  codecFor,
  DataLoader,
  DataProvider,
  Dataset,
  Digits,
  type Item,
  Layer,
  LowdbStore,
  MirroredStore,
  Model,
  type Module,
  type MongoStore,
  NDArray,
  Net,
  Optimizer,
  type PostgresStore,
  type S3Blobs,
  Session,
  type SqliteStore,
  type Step,
  tf,
  Trainer,
  type Value,
  type Work,
} from "../mod.ts";

/** How a class of Modules is built and called in the conformance suite. */
export interface Specimen {
  /** Options of more than nothing, so that their way through a configuration is seen. */
  options?: Record<string, unknown>;
  /** What is called before the laws are looked at, on a fresh Module: building, a few steps. */
  use(module: Module): unknown | Promise<unknown>;
  /** What can be called again and again, without holding more tensors each time. */
  again?(module: Module): unknown | Promise<unknown>;
}

const digits = new Digits({ split: "test" });
const batch: Batch = digits.gather(Uint32Array.from({ length: 8 }, (_, i) => i));
const small = { Sequential: { layers: [{ dense: { units: 10 } }] } };
const trainer = { model: { net: small }, looper: { steps: 3 } };
const event = { trigger: "end_of_validation", path: "", step: 4, epoch: 2, loss: 0.5, payload: { loss: 0.5, step: 4 } };

/** Calls it with tensors of these shapes, inside a tidy. */
const withTensors = (...shapes: number[][]) => (module: Module): void =>
  tf().tidy(() => void (module as unknown as (...x: Tensor[]) => unknown)(...shapes.map((shape) => tf().ones(shape))));

/** Calls a layer for inputs of this shape, in training, so that whatever it draws is drawn. */
const layer = (options: Record<string, unknown>, shape: number[] = [2, 4]): Specimen => {
  const run = (module: Module) =>
    tf().tidy(() => void (module as unknown as Layer)(tf().ones(shape), { training: true }));
  return {
    options,
    use: (module) => {
      (module as unknown as Layer).build(shape.slice(1));
      run(module);
    },
    again: run,
  };
};

const optimizer = (options: Record<string, unknown> = {}): Specimen => {
  const models = new WeakMap<Module, Model>();
  const step = async (module: Module) => void await models.get(module)!.learn(batch);
  return {
    options: { learningRate: 0.02, ...options },
    use: async (module) => {
      const model = await Model.configure({ net: small });
      model.optimizer = module as Optimizer;
      model.build(digits.description);
      models.set(module, model);
      await step(module);
    },
    again: step,
  };
};

const schedule = (options: Record<string, unknown>): Specimen => ({
  options,
  use: (module) => {
    const factor = (module as unknown as (step: number) => number)(3);
    if (!(factor >= 0 && factor <= 1)) throw new Error(`a factor of ${factor}`);
  },
});

const callback = (options: Record<string, unknown> = {}): Specimen => ({
  options,
  use: (module) => {
    const methods = module as unknown as Record<string, ((event: unknown) => unknown) | undefined>;
    for (const trigger of ["start_of_training", "end_of_training_step", "end_of_validation", "end_of_epoch"]) {
      methods[trigger]?.({ ...event, trigger });
    }
  },
});

const tensors = (...shapes: number[][]): Specimen => ({ use: withTensors(...shapes), again: withTensors(...shapes) });

const iterate = async (batches: AsyncIterable<Batch>, most: number): Promise<void> => {
  for await (const _ of batches) if (--most === 0) break;
};

const dataFile = join(Deno.makeTempDirSync(), "rows.json"), database = `${dataFile}.db`;
Deno.writeTextFileSync(dataFile, '[{ "x": 1, "y": 0 }, { "x": 2, "y": 1 }]');
const rows = new DatabaseSync(database);
rows.exec("create table t (x, y); insert into t values (1, 0), (2, 1)");
rows.close();

/** A data set made of others: some of its items are looked at, one by one and as a batch. */
const datasetOf = (options: Record<string, unknown>): Specimen => ({
  options,
  use: async (module) => {
    const dataset = module as unknown as Dataset;
    dataset(1);
    await dataset.gather([0, 2], 1);
  },
});

const imageFolder = Deno.makeTempDirSync(), png = await codecFor("dot.png");
Deno.mkdirSync(join(imageFolder, "dot"));
Deno.writeFileSync(join(imageFolder, "dot", "1.png"), await png.stringify(new NDArray("uint8", [3, 3, 3])));

const loop: Work = {
  provide: async function* () {
    for (let i = 0; i < 4; i++) yield await Promise.resolve(batch);
  },
  step: () => ({ loss: 1 }),
  evaluate: () => ({ loss: 2 }),
  rewind() {},
  has: () => false,
  history: () => new Trainer().history,
  boundary() {},
};

/** Every class that mod.ts exports and that can be built, by its name. */
export const specimens: Record<string, Specimen> = {
  Accuracy: tensors([2, 3], [2]),
  Adadelta: optimizer({ decay: 0.9 }),
  Adagrad: optimizer(),
  Adam: optimizer({ beta1: 0.8, schedule: { CosineDecay: { steps: 10 } } }),
  AdamW: optimizer({ clipNorm: 1 }),
  Adamax: optimizer({ beta2: 0.9 }),
  AlphaDropout: layer({ rate: 0.5 }),
  ArrayDataset: {
    options: { input: new NDArray("uint8", [3, 2], [1, 2, 3, 4, 5, 6]), target: [0, 1, 0], scale: 0.5 },
    use: (module) => (module as unknown as Dataset)(2),
  },
  BatchDataset: datasetOf({ dataset: "Digits", batchSize: 4 }),
  BinaryCrossentropy: tensors([2, 1], [2, 1]),
  CacheDataset: datasetOf({ dataset: "Digits", bytes: 1e6 }),
  CategoricalCrossentropy: tensors([2, 3], [2, 3]),
  CategoricalHinge: tensors([2, 3], [2, 3]),
  ConcatenateDataset: datasetOf({ datasets: ["Digits", { Digits: { split: "test" } }] }),
  CosineDecay: schedule({ steps: 10, warmup: 2 }),
  CosineSimilarity: tensors([2, 3], [2, 3]),
  DataLoader: {
    options: { batchSize: 50 },
    use: (module) => iterate((module as unknown as DataLoader).iterate(digits), 2),
  },
  DataProvider: {
    options: { datasets: { train: "Digits" }, dataLoader: { batchSize: 50 } },
    use: (module) => iterate((module as DataProvider)("train", {}), 2),
  },
  DataReader: { use: (module) => module(new URL("../deno.json", import.meta.url)) },
  Digits: { options: { split: "test", classes: [1, 2] }, use: (module) => (module as unknown as Dataset)(0) },
  Dropout: layer({ rate: 0.5 }),
  EarlyStopping: callback({ patience: 2 }),
  ExponentialDecay: schedule({ rate: 0.5, steps: 10 }),
  FileDataset: {
    options: { path: dataFile, target: "y", scale: 0.5 },
    use: (module) => (module as unknown as Dataset)(1),
  },
  GaussianDropout: layer({ rate: 0.5 }),
  GaussianNoise: layer({ stddev: 0.5 }),
  Hinge: tensors([2, 3], [2, 3]),
  Huber: tensors([2, 3], [2, 3]),
  IterableDataset: {
    options: { source: [digits.get(0), digits.get(1)], endless: true, classes: 10 },
    use: (module) => iterate(new DataLoader({ batchSize: 2, limit: 6 }).iterate(module as unknown as Dataset), 2),
  },
  ImageFolderDataset: {
    options: { path: imageFolder, size: [2, 2], channels: 1, scale: 1 },
    use: (module) => (module as unknown as Dataset)(0),
  },
  KLDivergence: tensors([2, 3], [2, 3]),
  LinearWarmup: schedule({ steps: 10 }),
  ListDataset: datasetOf({ list: [0, 1, 2], load: (i: Value) => digits.get(i as number) }),
  LogCosh: tensors([2, 3], [2, 3]),
  Looper: {
    options: { steps: 6 },
    use: async (module) => {
      for await (const _ of module(loop) as AsyncIterable<Step>);
    },
  },
  LowdbStore: {
    options: { path: Deno.makeTempDirSync() },
    use: (module) => (module as LowdbStore)({ write: { collection: "laws", document: { score: 1 } } }),
  },
  MapDataset: datasetOf({ dataset: "Digits", transform: (item: Item) => item }),
  MeanAbsoluteError: tensors([2, 3], [2, 3]),
  MeanAbsolutePercentageError: tensors([2, 3], [2, 3]),
  MeanError: tensors([2, 3], [2, 3]),
  MeanSquaredError: tensors([2, 3], [2, 3]),
  MeanSquaredLogarithmicError: tensors([2, 3], [2, 3]),
  MemoryStore: { use: (module) => module({ write: { collection: "laws", document: { score: 1 } } }) },
  Mixture: {
    options: { weights: { a: 1 }, then: [{ epoch: 3, weights: { a: 1, b: 2 } }] },
    use: (module) => {
      const course = module({ a: digits, b: new Digits() });
      course.taken(course.draw(course.begin(0), 5));
    },
  },
  MixtureDataset: {
    options: { datasets: { a: "Digits", b: { Digits: { split: "test" } } }, weights: { a: 1, b: 2 } },
    use: (module) => iterate(new DataLoader({ batchSize: 50 }).iterate(module as unknown as Dataset), 2),
  },
  MirroredStore: {
    options: { local: "MemoryStore", remote: "MemoryStore", queue: 5 },
    use: async (module) => {
      await module({ write: { collection: "laws", document: { score: 1 } } });
      await (module as MirroredStore).close();
    },
  },
  Model: {
    options: { net: small, optimizer: "Sgd" },
    use: async (module) => {
      (module as Model).build(digits.description);
      await (module as Model).learn(batch);
      await (module as Model)(batch.input);
    },
    again: (module) => (module as Model).learn(batch),
  },
  ModelCheckpoint: callback({ monitor: "validation/loss" }),
  MongoStore: {
    options: { host: ["a.example", "b.example:27018"], database: "laws" },
    use: (module) => (module as MongoStore).close(), // test/store has a server
  },
  Momentum: optimizer({ nesterov: true }),
  NaNDetector: callback(),
  Nadam: optimizer({ beta1: 0.8 }),
  ObservableDataset: {
    options: { source: () => of(digits.get(0), digits.get(1)), buffer: 4, classes: 10 },
    use: (module) => iterate(new DataLoader({ batchSize: 1, limit: 2 }).iterate(module as unknown as Dataset), 2),
  },
  PiecewiseConstant: schedule({ boundaries: [2, 5], values: [1, 0.5, 0.1] }),
  Poisson: tensors([2, 3], [2, 3]),
  PolynomialDecay: schedule({ steps: 10 }),
  PostgresStore: {
    options: { url: "postgres://ada@lab.example/laws", port: 6543, schema: "laws", wait: 100 },
    use: (module) => (module as PostgresStore).close(), // test/store has a server
  },
  Progress: callback({ interval: 1e9 }),
  QueryDataset: {
    options: { dbInterface: "MemoryStore", query: { collection: "laws", limit: 9 }, target: "y" },
    use: (module) => (module as unknown as Dataset).description,
  },
  RMSProp: optimizer({ clipValue: 0.5, centered: true }),
  ReduceLROnPlateau: callback({ patience: 1 }),
  RowDataset: {
    options: { rows: [{ x: 1, y: "a" }, { x: 2, y: "b" }], input: ["x"], target: "y", scale: 0.5 },
    use: (module) => (module as unknown as Dataset)(1),
  },
  RepeatDataset: datasetOf({ dataset: "Digits", count: 2 }),
  ResampleDataset: datasetOf({ dataset: "Digits", sampler: "Shuffled" }),
  S3Blobs: {
    options: { endpoint: "https://s3.example", bucket: "lab", prefix: "ada/" },
    use: (module) => void (module as S3Blobs).location, // test/store has a server
  },
  Sampler: { use: (module) => module(5) },
  Sequential: {
    options: { layers: [{ dense: { units: 3 } }, "batchNormalization", { dropout: { rate: 0.5 } }] },
    use: (module) => {
      (module as unknown as Net).build([4]);
      tf().tidy(() => void (module as unknown as Net)(tf().ones([2, 4]), { training: true }));
    },
    again: (module) => tf().tidy(() => void (module as unknown as Net)(tf().ones([2, 4]), { training: true })),
  },
  Session: {
    options: { name: "laws", trainer, dataProvider: { datasets: { train: "Digits" } }, dbInterface: "MemoryStore" },
    use: async (module) => {
      await module.prepare();
      await (module as unknown as Session)();
    },
  },
  Sgd: optimizer(),
  ShuffleDataset: datasetOf({ dataset: "Digits", eachPass: false }),
  Shuffled: { use: (module) => module(5, 2) },
  SparseCategoricalCrossentropy: tensors([2, 3], [2]),
  SpatialDropout: layer({ rate: 0.5 }, [2, 3, 4]),
  SqlDataset: {
    options: { path: database, query: "SELECT x, y FROM t WHERE x > ? ORDER BY x", parameters: [0], target: "y" },
    use: (module) => (module as unknown as Dataset)(1),
  },
  SplitDataset: datasetOf({ dataset: "Digits", part: "test", by: "classes", seed: 3 }),
  SqliteStore: {
    options: { path: join(Deno.makeTempDirSync(), "laws.sqlite") },
    use: (module) => (module as SqliteStore)({ write: { collection: "laws", document: { score: 1 } } }),
  },
  SquaredHinge: tensors([2, 3], [2, 3]),
  StepDecay: schedule({ steps: 2, rate: 0.5 }),
  SubsetDataset: datasetOf({ dataset: "Digits", indices: [3, 1, 3] }),
  TakeDataset: datasetOf({ dataset: "Digits", count: 5, skip: 2 }),
  TfLayer: layer({ type: "dense", options: { units: 3 } }),
  TopK: tensors([2, 6], [2]),
  Trainer: { options: trainer, use: (module) => (module as Trainer)(digits) },
  ZipDataset: datasetOf({ datasets: ["Digits", { Digits: { split: "test" } }], target: "input" }),
};

/** Classes that cannot be built: what they leave open is said by the error of a call. */
export const abstractClasses = [
  "Callback",
  "Criterion",
  "DBInterface",
  "Dataset",
  "Layer",
  "Metric",
  "Module",
  "Monitor",
  "Net",
  "ObjectStorage",
  "Optimizer",
  "Schedule",
];
