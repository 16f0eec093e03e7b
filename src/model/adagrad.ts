import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { adagradStep } from "../backend/ops/adagrad_step.ts";
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
    const squares = memory("squares", this.initialAccumulator), { epsilon } = this;
    const [next, nextSquares] = adagradStep({ value, gradient, squares: squares.value }, { rate, epsilon });
    squares.assign(nextSquares);
    return next;
  }
}
