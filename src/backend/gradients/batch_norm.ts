import type { Tensor } from "@tensorflow/tfjs-core";
import { type Gradient, unbroadcast } from "./gradient.ts";

/**
 * Of `(x - mean) / √(variance + epsilon) * scale + offset`, where the last four may be broadcast along any dimension;
 * tfjs's own knows the last one only.
 */
export const batchNorm: Gradient = (tf) => ({
  kernelName: "FusedBatchNorm",
  inputsToSave: ["x", "mean", "variance", "scale"],
  gradFunc: (gradient, [x, mean, variance, scale], { varianceEpsilon }) => {
    const dy = gradient as Tensor;
    const scaled = () => scale === undefined ? dy : tf.mul(dy, scale);
    const inverse = () => tf.rsqrt(tf.add(variance!, varianceEpsilon as number));
    const centred = () => tf.sub(x!, mean!);
    const sum = (value: Tensor) => unbroadcast(tf, value, mean!.shape);
    return {
      x: () => tf.mul(scaled(), inverse()),
      mean: () => tf.neg(sum(tf.mul(scaled(), inverse()))),
      variance: () => tf.mul(sum(tf.mul(scaled(), centred())), tf.mul(-0.5, tf.pow(inverse(), 3))),
      scale: () => tf.mul(sum(tf.mul(dy, centred())), inverse()),
      offset: () => sum(dy),
    };
  },
});
