import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { adamStep } from "../backend/ops/adam_step.ts";
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
    return adamUpdate(this, value, gradient, rate, memory);
  }
}

/**
 * A value's next one after a step of Adam; its memory is brought up to date. The corrections for the means' beginning
 * at zero are folded into two numbers.
 *
 * @param keep what of the value itself is kept: less than 1 where weights decay
 */
export function adamUpdate(
  { beta1, beta2, epsilon, step }: { beta1: number; beta2: number; epsilon: number; step: number },
  value: Tensor,
  gradient: Tensor,
  rate: number,
  memory: Memory,
  keep = 1,
): Tensor {
  const m = memory("m"), v = memory("v"), spread = Math.sqrt(1 - beta2 ** step);
  const size = rate * spread / (1 - beta1 ** step);
  const state = { value, gradient, m: m.value, v: v.value };
  const [next, nextM, nextV] = adamStep(state, { size, epsilon: epsilon * spread, beta1, beta2, keep });
  m.assign(nextM);
  v.assign(nextV);
  return next;
}
