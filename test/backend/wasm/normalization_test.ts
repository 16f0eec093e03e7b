import type { Tensor } from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { batchNormTrain } from "../../../src/backend/ops/batch_norm_train.ts";
import { layerNorm } from "../../../src/backend/ops/layer_norm.ts";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { difference, numbers, product, slope, withoutLeaks } from "./reference.ts";

const epsilon = 1e-3;

/** Rows of channels, normalised over the rows or each over its channels, by definition. */
function normalized(
  x: ArrayLike<number>,
  gamma: ArrayLike<number>,
  beta: ArrayLike<number>,
  eachRow: boolean,
): { y: Float64Array; mean: number[]; variance: number[] } {
  const ways = gamma.length, rows = x.length / ways;
  const group = (i: number) => eachRow ? Math.floor(i / ways) : i % ways, size = eachRow ? ways : rows;
  const mean = Array<number>(eachRow ? rows : ways).fill(0), variance = mean.map(() => 0);
  for (let i = 0; i < x.length; i++) mean[group(i)]! += x[i]! / size;
  for (let i = 0; i < x.length; i++) variance[group(i)]! += (x[i]! - mean[group(i)]!) ** 2 / size;
  const y = Float64Array.from(
    { length: x.length },
    (_, i) => (x[i]! - mean[group(i)]!) / Math.sqrt(variance[group(i)]! + epsilon) * gamma[i % ways]! + beta[i % ways]!,
  );
  return { y, mean, variance };
}

for (const backend of ["wasm", "cpu"] as const) {
  for (const eachRow of [false, true]) {
    Deno.test(`normalization: ${eachRow ? "layer" : "batch"}, and its gradients, on ${backend}`, async () => {
      await resolveBackend(backend);
      withoutLeaks(tf(), () => {
        for (const shape of [[6, 5], [1, 4], [7, 1], [2, 3, 8], [2, 2, 3, 3], [1, 2, 2, 2, 6], [5, 19]]) {
          for (const far of [0, 1000]) check(shape, eachRow, far);
        }
      });
      await resolveBackend("wasm");
    });
  }
}

function check(shape: number[], eachRow: boolean, far: number): void {
  const ways = shape.at(-1)!, told = `[${shape}] about ${far}`;
  const x = numbers(product(shape)).map((v) => v + far), gamma = numbers(ways, 2), beta = numbers(ways, 3);
  const dy = numbers(x.length, 4), wanted = normalized(x, gamma, beta, eachRow);
  const loss = (x: ArrayLike<number>, gamma: ArrayLike<number>, beta: ArrayLike<number>) =>
    normalized(x, gamma, beta, eachRow).y.reduce((sum, y, i) => sum + y * dy[i]!, 0);
  tf().tidy(() => {
    const given = [tf().tensor(x, shape), tf().tensor1d(gamma), tf().tensor1d(beta)];
    const call = (x: Tensor, gamma: Tensor, beta: Tensor): Tensor =>
      eachRow ? layerNorm(x, gamma, beta, epsilon) : batchNormTrain(x, gamma, beta, epsilon).y;
    const y = call(given[0]!, given[1]!, given[2]!), gradient = tf().tensor(dy, shape);
    const found = tf().grads((x, gamma, beta) => tf().sum(tf().mul(call(x, gamma, beta), gradient)))(given);
    // So far from nought float32 itself has no more than about four figures of what is left.
    const within = far === 0 ? 2e-4 : 2e-2;
    assert.ok(difference(y.dataSync(), wanted.y) < within, told);
    assert.ok(difference(found[0]!.dataSync(), slope((at) => loss(at, gamma, beta), x)) < 50 * within, told);
    assert.ok(difference(found[1]!.dataSync(), slope((at) => loss(x, at, beta), gamma)) < within * 5, told);
    assert.ok(difference(found[2]!.dataSync(), slope((at) => loss(x, gamma, at), beta)) < within * 5, told);
    if (eachRow) return;
    const { mean, variance } = batchNormTrain(given[0]!, undefined, undefined, epsilon);
    assert.ok(difference(mean.dataSync(), wanted.mean) < 1e-6 * Math.max(1, far), told);
    assert.ok(difference(variance.dataSync(), wanted.variance) < 1e-5 * Math.max(1, far), told);
  });
}

Deno.test("normalization: with fixed statistics, of tensors of every rank", () => {
  withoutLeaks(tf(), () => {
    for (const shape of [[6, 5], [2, 3, 8], [2, 2, 3, 3]]) {
      const ways = shape.at(-1)!, [x, mean, scale, shift] = [product(shape), ways, ways, ways].map(numbers);
      const variance = numbers(ways, 9).map(Math.abs);
      const wanted = x!.map((v, i) => {
        const c = i % ways;
        return (v - mean![c]!) / Math.sqrt(variance[c]! + epsilon) * scale![c]! + shift![c]!;
      });
      const y = tf().tidy(() => {
        const [m, v, s, b] = [mean!, variance, scale!, shift!].map((of) => tf().tensor1d(of));
        return tf().batchNorm(tf().tensor(x!, shape) as never, m!, v!, b!, s!, epsilon);
      });
      assert.ok(difference(y.dataSync(), wanted) < 1e-4, `[${shape}]`);
      y.dispose();
    }
  });
});

Deno.test("normalization: with statistics that are broadcast in other ways", () => {
  withoutLeaks(tf(), () => {
    const shape = [2, 3, 2, 3], x = numbers(36);
    for (const dims of [[1, 3, 1, 1], [2, 1, 2, 1], [2, 3, 2, 3]]) {
      const size = product(dims), [mean, scale, shift] = [2, 3, 4].map((seed) => numbers(size, seed));
      const variance = numbers(size, 9).map(Math.abs);
      const at = (i: number): number => {
        const place = [Math.floor(i / 18), Math.floor(i / 6) % 3, Math.floor(i / 3) % 2, i % 3];
        return place.reduce((sum, p, axis) => sum * dims[axis]! + (dims[axis] === 1 ? 0 : p), 0);
      };
      const wanted = x.map((v, i) =>
        (v - mean![at(i)]!) / Math.sqrt(variance[at(i)]! + epsilon) * scale![at(i)]! + shift![at(i)]!
      );
      const y = tf().tidy(() => {
        const [m, v, s, b] = [mean!, variance, scale!, shift!].map((numbers) => tf().tensor(numbers, dims));
        return tf().batchNorm(tf().tensor(x, shape), m as never, v as never, b as never, s as never, epsilon);
      });
      assert.ok(difference(y.dataSync(), wanted) < 1e-4, `[${dims}]`);
      y.dispose();
    }
  });
});
