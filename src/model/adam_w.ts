import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { adamOptions, adamUpdate } from "./adam.ts";
import { type Memory, Optimizer, optimizerSchema } from "./optimizer.ts";

const schema = optimizerSchema(0.001, {
  ...adamOptions,
  /** What share of a value, times the learning rate, each step takes away. */
  weightDecay: z.number().min(0).default(0.01),
});

/**
 * Adam with decay of the weights beside the gradient: `p -= rate weightDecay p`, then Adam's step.
 * I. Loshchilov, F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019; as `torch.optim.AdamW`.
 */
export class AdamW extends Optimizer<typeof schema> {
  static override schema: z.ZodObject = schema;
  beta1: number = this.options.beta1;
  beta2: number = this.options.beta2;
  epsilon: number = this.options.epsilon;
  weightDecay: number = this.options.weightDecay;

  protected override rule(value: Tensor, gradient: Tensor, rate: number, memory: Memory): Tensor {
    return adamUpdate(this, value, gradient, rate, memory, 1 - rate * this.weightDecay);
  }
}
