import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { rmsPropStep } from "../backend/ops/rms_prop_step.ts";
import { tf } from "../backend/tf.ts";
import { type Memory, Optimizer, optimizerSchema } from "./optimizer.ts";

const schema = optimizerSchema(0.001, {
  /** How slowly the mean of the squares forgets. */
  decay: z.number().min(0).lt(1).default(0.9),
  /** What share of the last step goes into the next. */
  momentum: z.number().min(0).lt(1).default(0),
  epsilon: z.number().positive().default(1e-7),
  /** Whether the gradients' variance takes the place of the mean of their squares. */
  centered: z.boolean().default(false),
});

/**
 * `s = decay s + (1 - decay) g²`, `p -= rate g / √(s + epsilon)`; with momentum the steps are summed,
 * `u = momentum u + rate g / √(s + epsilon)`, `p -= u`. Centred, `s - m²` takes the place of `s`, with
 * `m = decay m + (1 - decay) g`.
 * T. Tieleman, G. Hinton, Coursera lecture 6.5 (2012); as `keras.optimizers.RMSprop`.
 */
export class RMSProp extends Optimizer<typeof schema> {
  static override schema: z.ZodObject = schema;
  decay: number = this.options.decay;
  momentum: number = this.options.momentum;
  epsilon: number = this.options.epsilon;
  centered: boolean = this.options.centered;

  protected override rule(value: Tensor, gradient: Tensor, rate: number, memory: Memory): Tensor {
    if (this.centered) return this.#centred(value, gradient, rate, memory);
    const { decay, momentum, epsilon } = this;
    const squares = memory("squares"), velocity = momentum === 0 ? undefined : memory("velocity");
    const state = { value, gradient, squares: squares.value, ...(velocity && { velocity: velocity.value }) };
    const [next, nextSquares, nextVelocity] = rmsPropStep(state, { rate, decay, momentum, epsilon });
    squares.assign(nextSquares);
    velocity?.assign(nextVelocity!);
    return next;
  }

  #centred(value: Tensor, gradient: Tensor, rate: number, memory: Memory): Tensor {
    const { add, div, mul, sqrt, square, sub } = tf(), { decay, momentum, epsilon } = this;
    const squares = memory("squares"), mean = memory("mean");
    const nextSquares = add(mul(squares.value, decay), mul(square(gradient), 1 - decay));
    const nextMean = add(mul(mean.value, decay), mul(gradient, 1 - decay));
    squares.assign(nextSquares);
    mean.assign(nextMean);
    const step = div(mul(gradient, rate), sqrt(add(sub(nextSquares, square(nextMean)), epsilon)));
    if (momentum === 0) return sub(value, step);
    const velocity = memory("velocity");
    const moved = add(mul(velocity.value, momentum), step);
    velocity.assign(moved);
    return sub(value, moved);
  }
}
