import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { momentumStep } from "../backend/ops/momentum_step.ts";
import { type Memory, Optimizer, optimizerSchema } from "./optimizer.ts";

const schema = optimizerSchema(0.01, {
  /** What share of the last step goes into the next. */
  momentum: z.number().min(0).lt(1).default(0.9),
  /** Looks ahead: Y. Nesterov, Soviet Math. Dokl. 27 (1983). */
  nesterov: z.boolean().default(false),
});

/**
 * Gradient descent with momentum, as `torch.optim.SGD`: `v = momentum v + g`, `p -= rate v`, or with Nesterov's look
 * ahead `p -= rate (g + momentum v)`. I. Sutskever et al., ICML 2013.
 */
export class Momentum extends Optimizer<typeof schema> {
  static override schema: z.ZodObject = schema;
  momentum: number = this.options.momentum;
  nesterov: boolean = this.options.nesterov;

  protected override rule(value: Tensor, gradient: Tensor, rate: number, memory: Memory): Tensor {
    const velocity = memory("velocity"), { momentum, nesterov } = this;
    const state = { value, gradient, velocity: velocity.value };
    const [next, nextVelocity] = momentumStep(state, { rate, momentum, nesterov });
    velocity.assign(nextVelocity);
    return next;
  }
}
