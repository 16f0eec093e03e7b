import assert from "node:assert/strict";
import type { Tensor } from "@tensorflow/tfjs-core";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { tf } from "../../src/backend/tf.ts";
import { criteria } from "../../src/model/criteria.ts";
import type { Criterion } from "../../src/model/criterion.ts";
import { metrics } from "../../src/model/metrics.ts";
import type { Metric } from "../../src/model/metric.ts";
import { Model } from "../../src/model/model.ts";
import { lossCases, metricCases } from "./matrix/criterion_cases.ts";

await resolveBackend("wasm");

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
        "MeanAbsolutePercentageError",
        "MeanSquaredLogarithmicError",
        "LogCosh",
        "Hinge",
        "SquaredHinge",
        "CategoricalHinge",
        "KLDivergence",
        "Poisson",
        "CosineSimilarity",
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

Deno.test("criteria: each may be a metric", async () => {
  const model = await Model.configure({ metrics: ["MeanAbsoluteError", { Huber: { delta: 2 } }] });
  assert.deepEqual(model.seriesNames(), ["loss", "meanAbsoluteError", "huber"]);
});

Deno.test("metrics: the names of their series", () => {
  const names = Object.values(metrics).map((metric) => (new metric() as unknown as Metric).seriesName);
  assert.deepEqual(names, ["accuracy", "topK", "meanError"]);
});
