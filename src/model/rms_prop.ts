import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { tf } from "../backend/tf.ts";
import { type Memory, Optimizer, optimizerSchema } from "./optimizer.ts";

const schema = optimizerSchema(0.001, {
  /** How slowly the mean of the squares forgets. */
  decay: z.number().min(0).lt(1).default(0.9),
  /** What share of the last step goes into the next. */
  momentum: z.number().min(0).lt(1).default(0),
  epsilon: z.number().positive().default(1e-7),
});

/**
 * `s = decay s + (1 - decay) g²`, `p -= rate g / √(s + epsilon)`; with momentum the steps are summed,
 * `u = momentum u + rate g / √(s + epsilon)`, `p -= u`.
 * T. Tieleman, G. Hinton, Coursera lecture 6.5 (2012); as `keras.optimizers.RMSprop`.
 */
export class RMSProp extends Optimizer<typeof schema> {
  static override schema: z.ZodObject = schema;
  decay: number = this.options.decay;
  momentum: number = this.options.momentum;
  epsilon: number = this.options.epsilon;

  protected override rule(value: Tensor, gradient: Tensor, rate: number, memory: Memory): Tensor {
    const { add, div, mul, sqrt, square, sub } = tf();
    const squares = memory("squares");
    const next = add(mul(squares.value, this.decay), mul(square(gradient), 1 - this.decay));
    squares.assign(next);
    const step = div(mul(gradient, rate), sqrt(add(next, this.epsilon)));
    if (this.momentum === 0) return sub(value, step);
    const velocity = memory("velocity");
    const moved = add(mul(velocity.value, this.momentum), step);
    velocity.assign(moved);
    return sub(value, moved);
  }
}
