import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { tf } from "../backend/tf.ts";
import { adamOptions } from "./adam.ts";
import { type Memory, Optimizer, optimizerSchema } from "./optimizer.ts";
import type { Parameter } from "./parameter.ts";

const schema = optimizerSchema(0.001, adamOptions);

/**
 * Adam with Nesterov's look ahead. The share of the mean that goes into a step grows,
 * `b(t) = beta1 (1 - 0.96^t / 2)`, and with `P(t)` the product of the first `t` of them the step is
 * `rate / (√(v / (1 - beta2^t)) + epsilon)` times `b(t + 1) m / (1 - P(t + 1)) + (1 - b(t)) g / (1 - P(t))`,
 * with Adam's `m` and `v`. T. Dozat, ICLR 2016 workshop; as `keras.optimizers.Nadam`.
 */
export class Nadam extends Optimizer<typeof schema> {
  static override schema: z.ZodObject = schema;
  beta1: number = this.options.beta1;
  beta2: number = this.options.beta2;
  epsilon: number = this.options.epsilon;
  /** The product of the shares of all steps so far. */
  product = 1;

  override update(parameters: readonly [string, Parameter][], gradients: Record<string, Tensor>): void {
    this.product *= this.#share(this.step + 1);
    super.update(parameters, gradients);
  }

  protected override rule(value: Tensor, gradient: Tensor, rate: number, memory: Memory): Tensor {
    const { add, div, mul, sqrt, square, sub } = tf(), { beta1, beta2, epsilon, product, step } = this;
    const m = memory("m"), v = memory("v");
    const nextM = add(mul(m.value, beta1), mul(gradient, 1 - beta1));
    const nextV = add(mul(v.value, beta2), mul(square(gradient), 1 - beta2));
    m.assign(nextM);
    v.assign(nextV);
    const [share, ahead] = [this.#share(step), this.#share(step + 1)];
    const [past, now] = [rate * ahead / (1 - product * ahead), rate * (1 - share) / (1 - product)];
    const spread = add(sqrt(mul(nextV, 1 / (1 - beta2 ** step))), epsilon);
    return sub(value, div(add(mul(nextM, past), mul(gradient, now)), spread));
  }

  #share(step: number): number {
    return this.beta1 * (1 - 0.5 * 0.96 ** step);
  }
}
