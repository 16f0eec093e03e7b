import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { tf } from "../backend/tf.ts";
import { type Memory, Optimizer, optimizerSchema } from "./optimizer.ts";

const schema = optimizerSchema(1, {
  /** How slowly the means of the squares forget. */
  decay: z.number().min(0).lt(1).default(0.95),
  epsilon: z.number().positive().default(1e-7),
});

/**
 * Steps as long as those before them, in proportion to the gradient: `s = decay s + (1 - decay) g²`,
 * `d = √(u + epsilon) / √(s + epsilon) g`, `u = decay u + (1 - decay) d²`, `p -= rate d`.
 * M. Zeiler, "ADADELTA" (2012), whose rate is 1; as `keras.optimizers.Adadelta` of that rate.
 */
export class Adadelta extends Optimizer<typeof schema> {
  static override schema: z.ZodObject = schema;
  decay: number = this.options.decay;
  epsilon: number = this.options.epsilon;

  protected override rule(value: Tensor, gradient: Tensor, rate: number, memory: Memory): Tensor {
    const { add, div, mul, sqrt, sub } = tf();
    const squares = memory("squares"), steps = memory("steps");
    const root = (mean: Tensor) => sqrt(add(mean, this.epsilon));
    const nextSquares = this.#mean(squares.value, gradient);
    const step = mul(div(root(steps.value), root(nextSquares)), gradient);
    const nextSteps = this.#mean(steps.value, step);
    squares.assign(nextSquares);
    steps.assign(nextSteps);
    return sub(value, mul(step, rate));
  }

  /** A mean of squares, and one more. */
  #mean(mean: Tensor, next: Tensor): Tensor {
    const { add, mul, square } = tf();
    return add(mul(mean, this.decay), mul(square(next), 1 - this.decay));
  }
}
