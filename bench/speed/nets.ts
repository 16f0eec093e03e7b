type Layer = string | Record<string, unknown>;

/** A net of the comparison; `keras_worker.py` has the same ones. */
export interface BenchNet {
  readonly title: string;
  /** The shape of an item. */
  readonly input: readonly number[];
  readonly layers: readonly Layer[];
  /** How many steps a round of training takes: long enough that the clock's grain doesn't count. */
  readonly steps: number;
  /** At most so many times Keras's time: wasm on one thread against one thread, native against all cores. */
  readonly aims: { readonly wasm: number; readonly native: number };
}

const convolution = (filters: number, kernelSize: number): Layer => ({
  conv2d: { filters, kernelSize, padding: "same", activation: "relu" },
});
const pooling: Layer = { maxPooling2d: { poolSize: 2 } };
const normalised = (filters: number): Layer[] => [
  { conv2d: { filters, kernelSize: 5, padding: "same" } },
  "batchNormalization",
  "reLU",
  pooling,
];
const classes: Layer = { dense: { units: 10 } };

/** The nets, by the names that a worker takes. */
export const benchNets: Readonly<Record<string, BenchNet>> = {
  mlp: {
    title: "MLP 784-128-10",
    input: [784],
    layers: [{ dense: { units: 128, activation: "relu" } }, classes],
    steps: 150,
    aims: { wasm: 1, native: 1 },
  },
  cnn: {
    title: "CNN of MNIST size",
    input: [28, 28, 1],
    layers: [...normalised(16), ...normalised(32), "flatten", classes],
    steps: 12,
    aims: { wasm: 1.2, native: 1 },
  },
  vgg: {
    title: "VGG-like 3x3 32-32-64-64",
    input: [32, 32, 3],
    layers: [
      ...[convolution(32, 3), convolution(32, 3), pooling, convolution(64, 3), convolution(64, 3), pooling],
      ...["flatten", { dense: { units: 128, activation: "relu" } }, classes],
    ],
    steps: 5,
    aims: { wasm: 1.6, native: 1 },
  },
  lstm: {
    title: "LSTM(64), 28 steps",
    input: [28, 28],
    layers: [{ lstm: { units: 64 } }, classes],
    steps: 30,
    aims: { wasm: 1.6, native: 1.5 },
  },
};

/** Items of a batch. */
export const batchSize = 64;
