import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { tf } from "../backend/tf.ts";
import { adamOptions } from "./adam.ts";
import { type Memory, Optimizer, optimizerSchema } from "./optimizer.ts";

const schema = optimizerSchema(0.001, adamOptions);

/**
 * Adam with the greatest of the gradients in the place of the mean of their squares:
 * `m = beta1 m + (1 - beta1) g`, `u = max(beta2 u, |g|)`, `p -= rate / (1 - beta1^t) m / (u + epsilon)`.
 * D. Kingma, J. Ba, ICLR 2015, algorithm 2; as `keras.optimizers.Adamax`.
 */
export class Adamax extends Optimizer<typeof schema> {
  static override schema: z.ZodObject = schema;
  beta1: number = this.options.beta1;
  beta2: number = this.options.beta2;
  epsilon: number = this.options.epsilon;

  protected override rule(value: Tensor, gradient: Tensor, rate: number, memory: Memory): Tensor {
    const { abs, add, div, maximum, mul, sub } = tf();
    const m = memory("m"), greatest = memory("greatest");
    const nextM = add(mul(m.value, this.beta1), mul(gradient, 1 - this.beta1));
    const next = maximum(mul(greatest.value, this.beta2), abs(gradient));
    m.assign(nextM);
    greatest.assign(next);
    return sub(value, div(mul(nextM, rate / (1 - this.beta1 ** this.step)), add(next, this.epsilon)));
  }
}
