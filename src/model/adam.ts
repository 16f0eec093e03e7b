import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { tf } from "../backend/tf.ts";
import { type Memory, Optimizer, optimizerSchema } from "./optimizer.ts";

/** The options that Adam and its kin share. */
export const adamOptions = {
  /** How slowly the mean of the gradients forgets. */
  beta1: z.number().min(0).lt(1).default(0.9),
  /** How slowly the mean of their squares forgets. */
  beta2: z.number().min(0).lt(1).default(0.999),
  epsilon: z.number().positive().default(1e-7),
};

const schema = optimizerSchema(0.001, adamOptions);

/**
 * D. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1:
 * `m = beta1 m + (1 - beta1) g`, `v = beta2 v + (1 - beta2) g²`,
 * `p -= rate (m / (1 - beta1^t)) / (√(v / (1 - beta2^t)) + epsilon)`.
 *
 * @example
 * ```ts
 * import { Adam } from "ptutils";
 * const optimizer = new Adam({ learningRate: 0.003 });
 * optimizer.learningRate /= 10; // at any time
 * ```
 */
export class Adam extends Optimizer<typeof schema> {
  static override schema: z.ZodObject = schema;
  beta1: number = this.options.beta1;
  beta2: number = this.options.beta2;
  epsilon: number = this.options.epsilon;

  protected override rule(value: Tensor, gradient: Tensor, rate: number, memory: Memory): Tensor {
    return tf().sub(value, adamStep(this, gradient, rate, memory));
  }
}

/** What Adam takes away from a value. The corrections for the means' beginning at zero are folded into two numbers. */
export function adamStep(
  { beta1, beta2, epsilon, step }: { beta1: number; beta2: number; epsilon: number; step: number },
  gradient: Tensor,
  rate: number,
  memory: Memory,
): Tensor {
  const { add, div, mul, sqrt, square } = tf();
  const m = memory("m"), v = memory("v");
  const nextM = add(mul(m.value, beta1), mul(gradient, 1 - beta1));
  const nextV = add(mul(v.value, beta2), mul(square(gradient), 1 - beta2));
  m.assign(nextM);
  v.assign(nextV);
  const spread = Math.sqrt(1 - beta2 ** step);
  const size = rate * spread / (1 - beta1 ** step);
  return div(mul(nextM, size), add(sqrt(nextV), epsilon * spread));
}
