import type { GradConfig, Tensor, Tensor1D } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";
import { hasKernel, runKernel } from "./run_kernel.ts";

/** A normalised batch, and the statistics that it was normalised by. No gradient goes through them. */
export interface NormalizedBatch {
  readonly y: Tensor;
  readonly mean: Tensor1D;
  /** The biased one: divided by the count, not by the count less one. */
  readonly variance: Tensor1D;
}

/**
 * Batch normalisation in training: of [..., ways], each channel over everything else,
 * `(x - mean) / sqrt(variance + epsilon) * gamma + beta`. Fused where the backend has the kernels `BatchNormTrain`
 * (`x`, `gamma`, `beta`; gives y, mean, variance) and `BatchNormTrainGrad` (`dy`, `x`, `mean`, `variance`, `gamma`;
 * gives dx, dgamma, dbeta), both with the attribute `epsilon`.
 *
 * @param gamma [ways]; 1 where there is none
 * @param beta [ways]; 0 where there is none
 */
export function batchNormTrain(
  x: Tensor,
  gamma: Tensor | undefined,
  beta: Tensor | undefined,
  epsilon: number,
): NormalizedBatch {
  const ways = x.shape.at(-1)!;
  if (hasKernel(gradient.kernelName) && x.dtype === "float32") {
    const inputs = { x, gamma: gamma ?? tf().ones([ways]), beta: beta ?? tf().zeros([ways]) };
    const [y, mean, variance] = runKernel(gradient, inputs, { epsilon });
    return { y: y!, mean: mean as Tensor1D, variance: variance as Tensor1D };
  }
  const { mean, variance } = tf().moments(x, x.shape.slice(0, -1).map((_, axis) => axis));
  const scaled = tf().mul(tf().sub(x, mean), tf().rsqrt(tf().add(variance, epsilon)));
  const y = tf().add(gamma === undefined ? scaled : tf().mul(scaled, gamma), beta ?? 0);
  return { y, mean: mean as Tensor1D, variance: variance as Tensor1D };
}

const gradient: GradConfig = {
  kernelName: "BatchNormTrain",
  inputsToSave: ["x", "gamma"],
  outputsToSave: [false, true, true],
  gradFunc: (dy, [x, gamma, mean, variance], attrs) => {
    const inputs = { dy: (dy as Tensor[])[0]!, x: x!, gamma: gamma!, mean: mean!, variance: variance! };
    const [dx, dgamma, dbeta] = tf().engine().runKernel("BatchNormTrainGrad", inputs, attrs) as Tensor[];
    return { x: () => dx!, gamma: () => dgamma!, beta: () => dbeta! };
  },
};
