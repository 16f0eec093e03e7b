import assert from "node:assert/strict";
import type { Tensor } from "@tensorflow/tfjs-core";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { tf } from "../../src/backend/tf.ts";
import { criteria } from "../../src/model/criteria.ts";
import type { Criterion } from "../../src/model/criterion.ts";
import { metrics } from "../../src/model/metrics.ts";
import type { Metric } from "../../src/model/metric.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { gradientError } from "./fixtures.ts";

await resolveBackend("wasm");

interface Case {
  name: string;
  options?: object;
  output: number[][];
  target: number[] | number[][];
  value: number;
}
const logistic = (x: number) => 1 / (1 + Math.exp(-x));
const row = [1, 2, 0.5];
const total = row.reduce((sum, x) => sum + Math.exp(x), 0);
const nll = (i: number) => -Math.log(Math.exp(row[i]!) / total);

const lossCases: Case[] = [
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
];

const metricCases: Case[] = [
  { name: "Accuracy", output: [[0, 1], [1, 0], [3, 2]], target: [1, 1, 0], value: 2 / 3 },
  { name: "Accuracy", output: [[0, 1], [1, 0]], target: [[0, 1], [0, 1]], value: 1 / 2 },
  { name: "Accuracy", output: [[0.2], [-1], [3]], target: [1, 0, 0], value: 2 / 3 },
  { name: "Accuracy", options: { fromLogits: false }, output: [[0.2], [0.7]], target: [[0], [1]], value: 1 },
  { name: "TopK", options: { k: 2 }, output: [[3, 2, 1], [3, 2, 1], [3, 2, 1]], target: [0, 1, 2], value: 2 / 3 },
  { name: "TopK", output: [[3, 2, 1]], target: [[0, 0, 1]], value: 1 },
  { name: "MeanError", output: [[1], [3]], target: [0, 5], value: 1.5 },
];

type Unit = (output: Tensor, target: Tensor) => Tensor;

function check(unit: Unit, { output, target, value }: Case): void {
  const before = tf().memory().numTensors;
  const ints = !Array.isArray(target[0]) && (target as number[]).every(Number.isInteger);
  const found = tf().tidy(() => {
    const y = Array.isArray(target[0]) ? tf().tensor2d(target as number[][]) : tf().tensor1d(target as number[]);
    const scalar = unit(tf().tensor2d(output), ints ? tf().cast(y, "int32") : y);
    assert.equal(scalar.rank, 0);
    return scalar.dataSync()[0]!;
  });
  assert.ok(Math.abs(found - value) < 1e-5 * (1 + Math.abs(value)), `${found} instead of ${value}`);
  assert.equal(tf().memory().numTensors, before);
}

for (const example of lossCases) {
  const title = `${example.name} ${JSON.stringify(example.options ?? {})} of ${JSON.stringify(example.output)}`;
  const make = () => new criteria[example.name as "Huber"](example.options ?? {}) as unknown as Criterion;

  Deno.test(`${title}: by hand`, () => check(make(), example));

  Deno.test(`${title}: its gradient by differences`, () => {
    const { output, target } = example;
    if (output.flat().some((x) => Math.abs(x) > 100)) return; // Beyond what differences can tell in 32 bits.
    const criterion = make();
    const y = tf().tensor(target as number[]);
    // Around another point: at the examples some errors are zero, where there is no slope.
    const at = new NDArray("float32", [output.length, output[0]!.length], output.flat().map((x) => x * 0.9 + 0.033));
    assert.ok(gradientError((x) => criterion(x, y), at, 4e-3) < 2e-3);
    y.dispose();
  });
}

for (const example of metricCases) {
  Deno.test(`${example.name} of ${JSON.stringify(example.output)}, ${JSON.stringify(example.target)}: by hand`, () => {
    check(new metrics[example.name as "TopK"](example.options ?? {}) as unknown as Metric, example);
  });
}

Deno.test("criteria and metrics: every one has a case", () => {
  assert.deepEqual(new Set(lossCases.map(({ name }) => name)), new Set(Object.keys(criteria)));
  assert.deepEqual(new Set(metricCases.map(({ name }) => name)), new Set(Object.keys(metrics)));
});

Deno.test("criteria: extreme logits give no NaN, neither in value nor in gradient", () => {
  const gradient = (criterion: Criterion, output: number[][], target: Tensor) => {
    const dx = tf().tidy(() => tf().grad((x) => criterion(x, target))(tf().tensor2d(output)).dataSync());
    assert.ok(dx.every(Number.isFinite), `${dx}`);
  };
  const target = tf().tensor1d([0], "int32");
  gradient(new criteria.SparseCategoricalCrossentropy() as unknown as Criterion, [[-1e5, 1e5, 0]], target);
  gradient(new criteria.BinaryCrossentropy() as unknown as Criterion, [[1e5]], target);
  target.dispose();
});

Deno.test("criteria and metrics: sequences of classes", () => {
  const { SparseCategoricalCrossentropy } = criteria, { Accuracy } = metrics;
  tf().tidy(() => {
    const output = tf().tensor3d([[[1, 0], [0, 1]], [[0, 1], [0, 1]]]),
      target = tf().tensor2d([[0, 1], [0, 1]], [2, 2], "int32");
    assert.equal(new Accuracy()(output, target).dataSync()[0], 0.75);
    const loss = new SparseCategoricalCrossentropy()(output, target).dataSync()[0]!;
    const [right, wrong] = [Math.log(1 + Math.exp(-1)), Math.log(1 + Math.E)];
    assert.ok(Math.abs(loss - (3 * right + wrong) / 4) < 1e-6);
  });
});

Deno.test("criteria and metrics: shapes that don't fit are told, not broadcast", () => {
  tf().tidy(() => {
    const output = tf().zeros([4, 3]), column = tf().zeros([4]), other = tf().zeros([3]);
    for (
      const name of [
        "MeanSquaredError",
        "MeanAbsoluteError",
        "Huber",
        "CategoricalCrossentropy",
        "BinaryCrossentropy",
      ] as const
    ) {
      assert.throws(
        () => new criteria[name]()(output, column),
        new RegExp(`TypeError: Cannot compute ${name}.*\\[4,3\\].*\\[4\\]`),
      );
    }
    assert.throws(() => new criteria.SparseCategoricalCrossentropy()(output, other), /\[4,3\].*\[3\]; an output of/);
    assert.throws(() => new metrics.Accuracy()(output, other), /Cannot compute Accuracy/);
    assert.throws(() => new metrics.TopK()(output, other), /Cannot compute TopK/);
  });
});

Deno.test("metrics: the names of their series", () => {
  const names = Object.values(metrics).map((metric) => (new metric() as unknown as Metric).seriesName);
  assert.deepEqual(names, ["accuracy", "topK", "meanError"]);
});
