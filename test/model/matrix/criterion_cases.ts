/** A criterion or a metric, an output and a target of a batch, and what comes of them, worked out by hand. */
export interface CriterionCase {
  readonly name: string;
  readonly options?: object;
  readonly output: number[][];
  readonly target: number[] | number[][];
  readonly value: number;
}
const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const row = [1, 2, 0.5];
const total = row.reduce((sum, x) => sum + Math.exp(x), 0);
const nll = (i: number) => -Math.log(Math.exp(row[i]!) / total);

/** Every criterion. */
export const lossCases: readonly CriterionCase[] = [
  { name: "SparseCategoricalCrossentropy", output: [row, row], target: [1, 2], value: (nll(1) + nll(2)) / 2 },
  {
    name: "SparseCategoricalCrossentropy",
    options: { fromLogits: false },
    output: [[0.2, 0.7, 0.1]],
    target: [1],
    value: -Math.log(0.7),
  },
  { name: "SparseCategoricalCrossentropy", output: [[1e4, -1e4, 0]], target: [1], value: 2e4 },
  { name: "CategoricalCrossentropy", output: [row], target: [[0.5, 0.5, 0]], value: (nll(0) + nll(1)) / 2 },
  {
    name: "BinaryCrossentropy",
    output: [[0.3], [-2]],
    target: [1, 0],
    value: (-Math.log(logistic(0.3)) - Math.log(1 - logistic(-2))) / 2,
  },
  { name: "BinaryCrossentropy", output: [[500], [-500]], target: [[0], [0]], value: 250 },
  {
    name: "BinaryCrossentropy",
    options: { fromLogits: false },
    output: [[0.3, 0.8]],
    target: [[1, 0]],
    value: (-Math.log(0.3) - Math.log(0.2)) / 2,
  },
  { name: "MeanSquaredError", output: [[1, 2], [3, 5]], target: [[1, 0], [3, 2]], value: (4 + 9) / 4 },
  { name: "MeanSquaredError", output: [[1], [3]], target: [0, 5], value: (1 + 4) / 2 },
  { name: "MeanAbsoluteError", output: [[1, 2], [3, 5]], target: [[1.5, 0], [3.5, 2]], value: (0.5 + 2 + 0.5 + 3) / 4 },
  { name: "Huber", output: [[1, 2], [3, 5]], target: [[1.5, 0], [3.5, 2]], value: (0.125 + 1.5 + 0.125 + 2.5) / 4 },
  { name: "Huber", options: { delta: 2 }, output: [[0, 3.5]], target: [[1, 0]], value: (0.5 + 2 * 2.5) / 2 },
  {
    name: "MeanAbsolutePercentageError",
    output: [[1, 2], [3, 5]],
    target: [[2, 2], [4, -2]],
    value: 100 * (0.5 + 0 + 0.25 + 3.5) / 4,
  },
  {
    name: "MeanSquaredLogarithmicError",
    output: [[1, 2], [0.5, 3]],
    target: [[0, 2], [1, 4]],
    value: (Math.log(2) ** 2 + Math.log(1.5 / 2) ** 2 + Math.log(4 / 5) ** 2) / 4,
  },
  {
    name: "LogCosh",
    output: [[1, 0.5], [-3, 0]],
    target: [[0, 0], [-1, 2]],
    value: [1, 0.5, -2, -2].reduce((sum, e) => sum + Math.log(Math.cosh(e)), 0) / 4,
  },
  { name: "LogCosh", output: [[500], [-500]], target: [[0], [0]], value: 500 - Math.log(2) },
  { name: "Hinge", output: [[0.3, -2], [0.5, 2]], target: [[1, 1], [-1, 1]], value: (0.7 + 3 + 1.5 + 0) / 4 },
  { name: "Hinge", output: [[0.3], [0.5]], target: [1, 0], value: (0.7 + 1.5) / 2 },
  { name: "SquaredHinge", output: [[0.3, -2], [0.5, 2]], target: [[1, 1], [-1, 1]], value: (0.49 + 9 + 2.25) / 4 },
  {
    name: "CategoricalHinge",
    output: [[0.2, 0.7, 0.1], [-3, 2, -2]],
    target: [[1, 0, 0], [0, 1, 0]],
    value: (1 + 0.7 - 0.2 + 0) / 2,
  },
  {
    name: "KLDivergence",
    output: [[0.2, 0.7, 0.1]],
    target: [[0.5, 0.3, 0.2]],
    value: 0.5 * Math.log(2.5) + 0.3 * Math.log(3 / 7) + 0.2 * Math.log(2),
  },
  { name: "KLDivergence", output: [[0.25, 0.75]], target: [[1, 0]], value: Math.log(4) },
  {
    name: "Poisson",
    output: [[1, 2], [0.5, 3]],
    target: [[0, 2], [1, 4]],
    value: (6.5 - 2 * Math.log(2) - Math.log(0.5) - 4 * Math.log(3)) / 4,
  },
  {
    name: "CosineSimilarity",
    output: [[3, 4], [0, 2]],
    target: [[4, 3], [1, -1]],
    value: (-24 / 25 + Math.SQRT1_2) / 2,
  },
  { name: "CosineSimilarity", output: [[0, 0], [1, 1]], target: [[1, 0], [2, 2]], value: -0.5 },
];

/** Every metric. */
export const metricCases: readonly CriterionCase[] = [
  { name: "Accuracy", output: [[0, 1], [1, 0], [3, 2]], target: [1, 1, 0], value: 2 / 3 },
  { name: "Accuracy", output: [[0, 1], [1, 0]], target: [[0, 1], [0, 1]], value: 1 / 2 },
  { name: "Accuracy", output: [[0.2], [-1], [3]], target: [1, 0, 0], value: 2 / 3 },
  { name: "Accuracy", options: { fromLogits: false }, output: [[0.2], [0.7]], target: [[0], [1]], value: 1 },
  { name: "TopK", options: { k: 2 }, output: [[3, 2, 1], [3, 2, 1], [3, 2, 1]], target: [0, 1, 2], value: 2 / 3 },
  { name: "TopK", output: [[3, 2, 1]], target: [[0, 0, 1]], value: 1 },
  { name: "MeanError", output: [[1], [3]], target: [0, 5], value: 1.5 },
];
