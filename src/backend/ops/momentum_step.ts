import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";
import { hasKernel } from "./run_kernel.ts";

/** A value that momentum carries on, and how fast. */
export interface MomentumState {
  readonly value: Tensor;
  readonly gradient: Tensor;
  readonly velocity: Tensor;
}

/** The numbers of a step with momentum. */
export interface MomentumNumbers {
  readonly rate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
}

/**
 * `velocity = momentum velocity + g`, `value -= rate velocity`, or with Nesterov's look ahead
 * `value -= rate (g + momentum velocity)`; gives the next value and velocity. One pass where the backend has the kernel
 * `MomentumStep`.
 */
export function momentumStep(state: MomentumState, numbers: MomentumNumbers): [value: Tensor, velocity: Tensor] {
  const { value, gradient, velocity } = state;
  if (hasKernel("MomentumStep")) {
    return tf().engine().runKernel("MomentumStep", { value, gradient, velocity }, { ...numbers }) as [Tensor, Tensor];
  }
  const { add, mul, sub } = tf(), { rate, momentum, nesterov } = numbers;
  const next = add(mul(velocity, momentum), gradient);
  return [sub(value, mul(nesterov ? add(gradient, mul(next, momentum)) : next, rate)), next];
}
