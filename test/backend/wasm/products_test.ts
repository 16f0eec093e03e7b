import assert from "node:assert/strict";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { activate, type Activation, activations } from "../../../src/backend/ops/activation.ts";
import { convolution } from "../../../src/backend/ops/convolution.ts";
import { crossentropy } from "../../../src/backend/ops/crossentropy.ts";
import { dense } from "../../../src/backend/ops/dense.ts";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { difference, numbers, slope, withoutLeaks } from "./reference.ts";

/** The activations by their definition. */
const definitions: Record<Activation, (x: number) => number> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  elu: (x) => x < 0 ? Math.expm1(x) : x,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
};

/** A loss of y that weighs every number differently. */
const weighed = (y: ArrayLike<number>): number => Array.from(y).reduce((sum, x, i) => sum + x * Math.cos(3 * i), 0);
const weighedTensor = (y: Tensor): Tensor =>
  tf().sum(tf().mul(y, tf().cos(tf().mul(tf().reshape(tf().range(0, y.size), y.shape), 3))));

// What is composed where a kernel is missing runs on the cpu backend.
for (const backend of ["wasm", "cpu"]) {
  const test = (name: string, work: () => void) =>
    Deno.test(`${name} on ${backend}`, async () => {
      await resolveBackend(backend);
      withoutLeaks(tf(), () => tf().tidy(work));
      await resolveBackend("wasm");
    });

  for (const activation of activations) {
    test(`dense: with ${activation}, and its gradients`, () => {
      const [x, kernel, bias] = [numbers(12, 1), numbers(20, 2), numbers(5, 3)];
      const f = (x: ArrayLike<number>, kernel: ArrayLike<number>, bias: ArrayLike<number>) =>
        Array.from({ length: 15 }, (_, at) => {
          const [i, j] = [Math.floor(at / 5), at % 5];
          let sum = bias[j]!;
          for (let k = 0; k < 4; k++) sum += x[4 * i + k]! * kernel[5 * k + j]!;
          return definitions[activation](sum);
        });
      const inputs = [tf().tensor(x, [3, 1, 4]), tf().tensor(kernel, [4, 5]), tf().tensor(bias)];
      const y = dense(inputs[0]!, inputs[1]!, inputs[2], activation);
      assert.deepEqual(y.shape, [3, 1, 5]);
      assert.ok(difference(y.dataSync(), f(x, kernel, bias)) < 1e-5);
      const gradients = tf().grads((x, kernel, bias) => weighedTensor(dense(x, kernel, bias, activation)))(inputs);
      const wanted = [
        slope((x) => weighed(f(x, kernel, bias)), x),
        slope((kernel) => weighed(f(x, kernel, bias)), kernel),
        slope((bias) => weighed(f(x, kernel, bias)), bias),
      ];
      gradients.forEach((gradient, i) => assert.ok(difference(gradient.dataSync(), wanted[i]!) < 1e-3, `${i}`));
    });

    test(`convolution: with ${activation}, and its gradients`, () => {
      const options = { strides: [2, 1], dilations: [1, 1], pad: "valid", activation } as const;
      const [x, filter, bias] = [numbers(2 * 5 * 4 * 2, 1), numbers(2 * 2 * 2 * 3, 2), numbers(3, 3)];
      const f = (x: ArrayLike<number>, filter: ArrayLike<number>, bias: ArrayLike<number>) =>
        Array.from({ length: 2 * 2 * 3 * 3 }, (_, at) => {
          const o = at % 3, j = Math.floor(at / 3) % 3, i = Math.floor(at / 9) % 2, image = Math.floor(at / 18);
          let sum = bias[o]!;
          for (let tap = 0; tap < 4; tap++) {
            const [h, w] = [2 * i + (tap >> 1), j + (tap & 1)];
            for (let c = 0; c < 2; c++) sum += x[((image * 5 + h) * 4 + w) * 2 + c]! * filter[(tap * 2 + c) * 3 + o]!;
          }
          return definitions[activation](sum);
        });
      const inputs = [tf().tensor(x, [2, 5, 4, 2]), tf().tensor(filter, [2, 2, 2, 3]), tf().tensor(bias)];
      const run = (x: Tensor, filter: Tensor, bias: Tensor) =>
        convolution(x as Tensor4D, filter as Tensor4D, bias, { ...options, strides: [2, 1], dilations: [1, 1] });
      const [xs, fs, bs] = inputs as [Tensor, Tensor, Tensor];
      assert.ok(difference(run(xs, fs, bs).dataSync(), f(x, filter, bias)) < 1e-5);
      const gradients = tf().grads((x, filter, bias) => weighedTensor(run(x, filter, bias)))(inputs);
      const wanted = [
        slope((x) => weighed(f(x, filter, bias)), x),
        slope((filter) => weighed(f(x, filter, bias)), filter),
        slope((bias) => weighed(f(x, filter, bias)), bias),
      ];
      gradients.forEach((gradient, i) => assert.ok(difference(gradient.dataSync(), wanted[i]!) < 2e-3, `${i}`));
    });

    test(`activation: the gradient of ${activation}`, () => {
      const x = numbers(37, 5).map((each) => 5 * each);
      const found = tf().grad((x) => weighedTensor(activate(activation, x)))(tf().tensor(x));
      const wanted = slope((x) => weighed(Array.from(x, definitions[activation])), x);
      assert.ok(difference(found.dataSync(), wanted) < 1e-3);
    });
  }

  test("crossentropy: the mean over rows, and its gradient, also of great logits", () => {
    for (const [rows, columns, scale] of [[3, 4, 1], [1, 2, 1], [5, 11, 40], [2, 3, 1000]] as const) {
      const logits = numbers(rows * columns, rows).map((x) => x * scale);
      const wanted = Float32Array.from(
        { length: rows * columns },
        (_, i) => i % columns === Math.floor(i / columns) % columns ? 1 : 0,
      );
      const f = (logits: ArrayLike<number>) => {
        let sum = 0;
        for (let row = 0; row < rows; row++) {
          const own = Array.from(logits).slice(row * columns, (row + 1) * columns), most = Math.max(...own);
          const total = Math.log(own.reduce((sum, x) => sum + Math.exp(x - most), 0)) + most;
          own.forEach((x, i) => sum += wanted[row * columns + i]! * (total - x));
        }
        return sum / rows;
      };
      const target = tf().tensor(wanted, [rows, columns]);
      const { value, grad } = tf().valueAndGrad((x) => tf().mul(crossentropy(x, target), 2))(
        tf().tensor(logits, [rows, columns]),
      );
      assert.ok(Math.abs(value.dataSync()[0]! - 2 * f(logits)) < 1e-5 * scale);
      assert.ok(difference(grad.dataSync(), slope((x) => 2 * f(x), logits)) < 1e-4);
    }
  });
}
