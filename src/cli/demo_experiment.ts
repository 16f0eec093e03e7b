type Options = Record<string, unknown>;

/** The experiment of the demo: a small net on the UCI digits, as one would write it in a notebook. */
export const demoExperiment = (path: string): Options =>
  onDigits({
    name: "digits",
    layers: [
      { dense: { units: 128, activation: "relu" } },
      { dropout: { rate: 0.4 } },
      { dense: { units: 64, activation: "relu" } },
      { dense: { units: 10 } },
    ],
    epochs: 100,
    patience: 20,
    path,
  });

/** The demo's second experiment: a small convolutional net on the same digits. */
export const cnnExperiment = (path: string): Options =>
  onDigits({
    name: "digits-cnn",
    layers: [
      ...convolution(16),
      ...convolution(32),
      { maxPooling2d: { poolSize: 2 } },
      ...convolution(64),
      "globalAveragePooling2d",
      { dropout: { rate: 0.3 } },
      { dense: { units: 10 } },
    ],
    epochs: 30,
    patience: 8,
    path,
  });

const convolution = (filters: number): (string | Options)[] => [
  { conv2d: { filters, kernelSize: 3, padding: "same", useBias: false } },
  "batchNormalization",
  "reLU",
];

interface Demo {
  readonly name: string;
  readonly layers: readonly (string | Options)[];
  readonly epochs: number;
  /** Epochs without a better loss after which it stops. */
  readonly patience: number;
  /** Where it is stored. */
  readonly path: string;
}

/** What both have in common. */
const onDigits = ({ name, layers, epochs, patience, path }: Demo): Options => ({
  name,
  seed: 7,
  trainer: {
    model: {
      net: { Sequential: { layers } },
      optimizer: { Adam: { learningRate: 0.001 } },
      criterion: "SparseCategoricalCrossentropy",
      metrics: ["Accuracy"],
    },
    looper: { epochs },
    callbacks: [
      "NaNDetector",
      "Progress",
      { EarlyStopping: { monitor: "validation/loss", patience } },
      { ReduceLROnPlateau: { monitor: "validation/loss", patience: Math.floor(0.4 * patience), factor: 0.5 } },
      { ModelCheckpoint: { monitor: "validation/accuracy" } },
    ],
  },
  dataProvider: {
    datasets: { train: { Digits: { split: "train" } }, validation: { Digits: { split: "test" } } },
    sampler: "Shuffled",
    dataLoader: { batchSize: 32 },
  },
  dbInterface: { LowdbStore: { path } },
});
