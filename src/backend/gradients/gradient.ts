import type { GradConfig, NamedAttrMap, NamedTensorMap, Tensor } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";

/** The gradient of one of tfjs's kernels, composed of operations of tfjs, so that it works on every backend. */
export type Gradient = (tf: TF) => GradConfig;

/** Runs a kernel that has no operation of its own. */
export const run = (tf: TF, kernel: string, inputs: Record<string, Tensor>, attrs: object): Tensor =>
  tf.engine().runKernel(kernel, inputs as NamedTensorMap, attrs as NamedAttrMap);

/** Sums a gradient over the dimensions along which an operand of this shape was broadcast. */
export function unbroadcast(tf: TF, gradient: Tensor, shape: readonly number[]): Tensor {
  if (`${gradient.shape}` === `${shape}`) return gradient;
  const axes = tf.backend_util.getReductionAxes([...shape], gradient.shape);
  return tf.reshape(axes.length === 0 ? gradient : tf.sum(gradient, axes), [...shape]);
}

/** The product of lengths. */
export const product = (lengths: readonly number[]): number => lengths.reduce((size, length) => size * length, 1);

/**
 * The gradient of an operation that only picks elements: each number goes back to the place it came from, and numbers
 * from one place are summed.
 *
 * @param dy the gradient of what was picked
 * @param shape that of what was picked from
 * @param places where each picked element lies in all of it, int32
 */
export function putBack(tf: TF, dy: Tensor, shape: readonly number[], places: Tensor): Tensor {
  const flat = tf.scatterND(tf.reshape(places, [-1, 1]), tf.reshape(dy, [-1]), [product(shape)]);
  return tf.reshape(flat, [...shape]);
}
