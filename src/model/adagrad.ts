import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { tf } from "../backend/tf.ts";
import { type Memory, Optimizer, optimizerSchema } from "./optimizer.ts";

const schema = optimizerSchema(0.01, {
  /** What the sum of squares begins with. */
  initialAccumulator: z.number().min(0).default(0.1),
  epsilon: z.number().positive().default(1e-7),
});

/**
 * `s += g²`, `p -= rate g / √(s + epsilon)`. J. Duchi, E. Hazan, Y. Singer, JMLR 12 (2011); as
 * `keras.optimizers.Adagrad`.
 */
export class Adagrad extends Optimizer<typeof schema> {
  static override schema: z.ZodObject = schema;
  initialAccumulator: number = this.options.initialAccumulator;
  epsilon: number = this.options.epsilon;

  protected override rule(value: Tensor, gradient: Tensor, rate: number, memory: Memory): Tensor {
    const { add, div, mul, sqrt, square, sub } = tf();
    const squares = memory("squares", this.initialAccumulator);
    const next = add(squares.value, square(gradient));
    squares.assign(next);
    return sub(value, div(mul(gradient, rate), sqrt(add(next, this.epsilon))));
  }
}
