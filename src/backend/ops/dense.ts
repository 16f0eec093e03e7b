import type { GradConfig, Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";
import { activate, type Activation, activationGradient } from "./activation.ts";
import { hasKernel, runKernel } from "./run_kernel.ts";

/**
 * `activation(x kernel + bias)`, of [..., inputs] and a kernel [inputs, units]. In one go where the backend has the
 * kernel `Dense` (`x`, `kernel`, `bias`; attribute `activation`). Unlike the gradient of `tf.fused.matMul`, that of x is
 * computed only where it is asked for: not in a net's first layer.
 */
export function dense(x: Tensor, kernel: Tensor, bias: Tensor | undefined, activation: Activation): Tensor {
  const [inputs, units] = kernel.shape as [number, number], { matMul, add, reshape } = tf();
  const rows = x.rank === 2 ? x : reshape(x, [-1, inputs]);
  const y = hasKernel(gradient.kernelName)
    ? runKernel(gradient, { x: rows, kernel, ...(bias && { bias }) }, { activation })[0]!
    : activate(activation, withBias(matMul(rows as Tensor2D, kernel as Tensor2D)));
  return x.rank === 2 ? y : reshape(y, [...x.shape.slice(0, -1), units]);

  function withBias(product: Tensor): Tensor {
    return bias === undefined ? product : add(product, bias);
  }
}

const gradient: GradConfig = {
  kernelName: "Dense",
  inputsToSave: ["x", "kernel"],
  outputsToSave: [true],
  gradFunc: (dy, [x, kernel, y], attrs) => {
    const dz = activationGradient(attrs.activation as Activation, dy as Tensor, y!);
    return {
      x: () => tf().matMul(dz, kernel!, false, true),
      kernel: () => tf().matMul(x!, dz, true, false),
      bias: () => tf().sum(dz, 0),
    };
  },
};
