import type { Tensor } from "@tensorflow/tfjs-core";
import type { z } from "zod";
import { sgdStep } from "../backend/ops/sgd_step.ts";
import { Optimizer, optimizerSchema } from "./optimizer.ts";

const schema = optimizerSchema(0.01, {});

/** Stochastic gradient descent: `p -= rate g`. H. Robbins, S. Monro, Ann. Math. Stat. 22 (1951). */
export class Sgd extends Optimizer<typeof schema> {
  static override schema: z.ZodObject = schema;

  protected override rule(value: Tensor, gradient: Tensor, rate: number): Tensor {
    return sgdStep(value, gradient, rate);
  }
}
