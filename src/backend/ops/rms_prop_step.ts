import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";
import { hasKernel } from "./run_kernel.ts";

/** A value that RMSProp changes, the mean of its gradient's squares, and its velocity where there is momentum. */
export interface RmsPropState {
  readonly value: Tensor;
  readonly gradient: Tensor;
  readonly squares: Tensor;
  readonly velocity?: Tensor;
}

/** The numbers of a step of RMSProp. */
export interface RmsPropNumbers {
  readonly rate: number;
  readonly decay: number;
  readonly momentum: number;
  readonly epsilon: number;
}

/**
 * `s = decay s + (1 - decay) g²`, `step = rate g / √(s + epsilon)`; with a velocity
 * `step = velocity = momentum velocity + step`; `value -= step`. Gives the next value, squares and velocity. One pass
 * where the backend has the kernel `RmsPropStep`.
 */
export function rmsPropStep(
  { value, gradient, squares, velocity }: RmsPropState,
  numbers: RmsPropNumbers,
): [value: Tensor, squares: Tensor, velocity?: Tensor] {
  if (hasKernel("RmsPropStep")) {
    const inputs = { value, gradient, squares, ...(velocity === undefined ? {} : { velocity }) };
    return tf().engine().runKernel("RmsPropStep", inputs, { ...numbers }) as [Tensor, Tensor, Tensor?];
  }
  const { add, div, mul, sqrt, square, sub } = tf(), { rate, decay, momentum, epsilon } = numbers;
  const next = add(mul(squares, decay), mul(square(gradient), 1 - decay));
  const step = div(mul(gradient, rate), sqrt(add(next, epsilon)));
  if (velocity === undefined) return [sub(value, step), next];
  const moved = add(mul(velocity, momentum), step);
  return [sub(value, moved), next, moved];
}
