import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";
import { hasKernel } from "./run_kernel.ts";

/** A value that Adagrad changes, and the sum of its gradient's squares. */
export interface AdagradState {
  readonly value: Tensor;
  readonly gradient: Tensor;
  readonly squares: Tensor;
}

/**
 * `s += g²`, `value -= rate g / √(s + epsilon)`; gives the next value and squares. One pass where the backend has the
 * kernel `AdagradStep`.
 */
export function adagradStep(
  { value, gradient, squares }: AdagradState,
  numbers: { readonly rate: number; readonly epsilon: number },
): [value: Tensor, squares: Tensor] {
  if (hasKernel("AdagradStep")) {
    return tf().engine().runKernel("AdagradStep", { value, gradient, squares }, { ...numbers }) as [Tensor, Tensor];
  }
  const { add, div, mul, sqrt, square, sub } = tf();
  const next = add(squares, square(gradient));
  return [sub(value, div(mul(gradient, numbers.rate), sqrt(add(next, numbers.epsilon)))), next];
}
