import { createHash } from "node:crypto";
import type { Tensor4D } from "@tensorflow/tfjs-core";
import { adamStep } from "../../../src/backend/ops/adam_step.ts";
import { convolution, type ConvolutionOptions } from "../../../src/backend/ops/convolution.ts";
import { crossentropy } from "../../../src/backend/ops/crossentropy.ts";
import { dense } from "../../../src/backend/ops/dense.ts";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { numbers } from "./reference.ts";

/** A digest of everything that a step of a small net gives: products, convolutions of both kinds, their gradients. */
export function bits(): string {
  const hash = createHash("sha256");
  tf().tidy(() => {
    const tensor = (shape: number[], seed: number) =>
      tf().tensor(numbers(shape.reduce((size, length) => size * length, 1), seed), shape);
    const options = (strides: [number, number]): ConvolutionOptions => ({
      strides,
      dilations: [1, 1],
      pad: "same",
      activation: "relu",
    });
    const weights = [tensor([3, 3, 8, 16], 2), tensor([3, 3, 16, 5], 3), tensor([320, 10], 4)];
    const x = tensor([6, 16, 16, 8], 1), wanted = tf().oneHot(tf().range(0, 6, 1, "int32"), 10);
    const { value, grads } = tf().valueAndGrads((first, second, last) => {
      const y = convolution(x as Tensor4D, first as Tensor4D, undefined, options([1, 1]));
      const z = convolution(y, second as Tensor4D, undefined, options([2, 2]));
      return crossentropy(dense(tf().reshape(z, [6, 320]), last!, undefined, "linear"), tf().cast(wanted, "float32"));
    })(weights);
    const steps = weights.flatMap((value, i) => {
      const means = { m: tf().zerosLike(value), v: tf().zerosLike(value) };
      const numbers = { size: 0.1, epsilon: 1e-7, beta1: 0.9, beta2: 0.999, keep: 1 };
      return adamStep({ value, gradient: grads[i]!, ...means }, numbers);
    });
    for (const tensor of [value, ...grads, ...steps]) hash.update(tensor.dataSync() as Float32Array);
  });
  return hash.digest("hex");
}

/** Prints it: for a test that compares two processes. */
if (import.meta.main) {
  await resolveBackend("wasm");
  console.log(bits());
}
