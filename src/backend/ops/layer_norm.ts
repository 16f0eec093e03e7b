import type { GradConfig, Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";
import { hasKernel, runKernel } from "./run_kernel.ts";

/**
 * Layer normalisation of [..., ways], each row of channels by itself:
 * `(x - mean) / sqrt(variance + epsilon) * gamma + beta`. Fused where the backend has the kernels `LayerNorm` (of x
 * [rows, ways], `gamma`, `beta`; gives y, and each row's mean and 1 / deviation) and `LayerNormGrad` (`dy`, `x`,
 * `gamma`, `mean`, `scale`; gives dx, dgamma, dbeta).
 *
 * @param gamma [ways]; 1 where there is none
 * @param beta [ways]; 0 where there is none
 */
export function layerNorm(x: Tensor, gamma: Tensor | undefined, beta: Tensor | undefined, epsilon: number): Tensor {
  const ways = x.shape.at(-1)!;
  if (hasKernel(gradient.kernelName) && x.dtype === "float32") {
    return tf().tidy(() => {
      const rows = tf().reshape(x, [x.size / Math.max(1, ways), ways]);
      const inputs = { x: rows, gamma: gamma ?? tf().ones([ways]), beta: beta ?? tf().zeros([ways]) };
      return tf().reshape(runKernel(gradient, inputs, { epsilon })[0]!, x.shape);
    });
  }
  const { mean, variance } = tf().moments(x, -1, true);
  const scaled = tf().mul(tf().sub(x, mean), tf().rsqrt(tf().add(variance, epsilon)));
  return tf().add(gamma === undefined ? scaled : tf().mul(scaled, gamma), beta ?? 0);
}

const gradient: GradConfig = {
  kernelName: "LayerNorm",
  inputsToSave: ["x", "gamma"],
  outputsToSave: [false, true, true],
  gradFunc: (dy, [x, gamma, mean, scale]) => {
    const inputs = { dy: (dy as Tensor[])[0]!, x: x!, gamma: gamma!, mean: mean!, scale: scale! };
    const [dx, dgamma, dbeta] = tf().engine().runKernel("LayerNormGrad", inputs) as Tensor[];
    return { x: () => dx!, gamma: () => dgamma!, beta: () => dbeta! };
  },
};
