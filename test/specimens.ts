import type { Tensor } from "@tensorflow/tfjs-core";
import {
  type Batch,
  type DataLoader,
  DataProvider,
  Dataset,
  Digits,
  Layer,
  LowdbStore,
  Model,
  type Module,
  NDArray,
  Net,
  Optimizer,
  Session,
  type Step,
  tf,
  Trainer,
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
  BinaryCrossentropy: tensors([2, 1], [2, 1]),
  CategoricalCrossentropy: tensors([2, 3], [2, 3]),
  CategoricalHinge: tensors([2, 3], [2, 3]),
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
  GaussianDropout: layer({ rate: 0.5 }),
  GaussianNoise: layer({ stddev: 0.5 }),
  Hinge: tensors([2, 3], [2, 3]),
  Huber: tensors([2, 3], [2, 3]),
  KLDivergence: tensors([2, 3], [2, 3]),
  LinearWarmup: schedule({ steps: 10 }),
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
  MeanAbsoluteError: tensors([2, 3], [2, 3]),
  MeanAbsolutePercentageError: tensors([2, 3], [2, 3]),
  MeanError: tensors([2, 3], [2, 3]),
  MeanSquaredError: tensors([2, 3], [2, 3]),
  MeanSquaredLogarithmicError: tensors([2, 3], [2, 3]),
  MemoryStore: { use: (module) => module({ write: { collection: "laws", document: { score: 1 } } }) },
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
  Momentum: optimizer({ nesterov: true }),
  NaNDetector: callback(),
  Nadam: optimizer({ beta1: 0.8 }),
  PiecewiseConstant: schedule({ boundaries: [2, 5], values: [1, 0.5, 0.1] }),
  Poisson: tensors([2, 3], [2, 3]),
  PolynomialDecay: schedule({ steps: 10 }),
  Progress: callback({ interval: 1e9 }),
  RMSProp: optimizer({ clipValue: 0.5, centered: true }),
  ReduceLROnPlateau: callback({ patience: 1 }),
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
  Shuffled: { use: (module) => module(5, 2) },
  SparseCategoricalCrossentropy: tensors([2, 3], [2]),
  SpatialDropout: layer({ rate: 0.5 }, [2, 3, 4]),
  SquaredHinge: tensors([2, 3], [2, 3]),
  StepDecay: schedule({ steps: 2, rate: 0.5 }),
  TfLayer: layer({ type: "dense", options: { units: 3 } }),
  TopK: tensors([2, 6], [2]),
  Trainer: { options: trainer, use: (module) => (module as Trainer)(digits) },
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
  "Optimizer",
  "Schedule",
];
