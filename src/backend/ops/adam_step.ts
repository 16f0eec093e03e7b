import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";
import { hasKernel } from "./run_kernel.ts";

/** A value that Adam changes: its gradient, and the means of the gradients and of their squares. */
export interface AdamState {
  readonly value: Tensor;
  readonly gradient: Tensor;
  readonly m: Tensor;
  readonly v: Tensor;
}

/** The numbers of a step of Adam. */
export interface AdamNumbers {
  /** The learning rate, with what corrects the means' beginning at zero folded in; and epsilon so too. */
  readonly size: number;
  readonly epsilon: number;
  readonly beta1: number;
  readonly beta2: number;
  /** What is kept of the value itself: less than 1 where weights decay. */
  readonly keep: number;
}

/**
 * `m = beta1 m + (1 - beta1) g`, `v = beta2 v + (1 - beta2) g²`, `value = keep value - size m / (√v + epsilon)`; gives
 * the next value, m and v. One pass where the backend has the kernel `AdamStep`.
 */
export function adamStep(state: AdamState, numbers: AdamNumbers): [value: Tensor, m: Tensor, v: Tensor] {
  const { value, gradient, m, v } = state;
  if (hasKernel("AdamStep")) {
    return tf().engine().runKernel("AdamStep", { value, gradient, m, v }, { ...numbers }) as [Tensor, Tensor, Tensor];
  }
  const { add, div, mul, sqrt, square, sub } = tf(), { size, epsilon, beta1, beta2, keep } = numbers;
  const nextM = add(mul(m, beta1), mul(gradient, 1 - beta1));
  const nextV = add(mul(v, beta2), mul(square(gradient), 1 - beta2));
  const kept = keep === 1 ? value : mul(value, keep);
  return [sub(kept, div(mul(nextM, size), add(sqrt(nextV), epsilon))), nextM, nextV];
}
