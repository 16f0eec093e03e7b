/** The experiment of the demo: a small net on the UCI digits, as one would write it in a notebook. */
export const demoExperiment = (path: string): Record<string, unknown> => ({
  name: "digits",
  seed: 7,
  trainer: {
    model: {
      net: {
        Sequential: {
          layers: [
            { dense: { units: 128, activation: "relu" } },
            { dropout: { rate: 0.4 } },
            { dense: { units: 64, activation: "relu" } },
            { dense: { units: 10 } },
          ],
        },
      },
      optimizer: { Adam: { learningRate: 0.001 } },
      criterion: "SparseCategoricalCrossentropy",
      metrics: ["Accuracy"],
    },
    looper: { epochs: 100 },
    callbacks: [
      "NaNDetector",
      "Progress",
      { EarlyStopping: { monitor: "validation/loss", patience: 20 } },
      { ReduceLROnPlateau: { monitor: "validation/loss", patience: 8, factor: 0.5 } },
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
