import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { tf } from "../backend/tf.ts";
import { Criterion } from "./criterion.ts";
import { logOf } from "./crossentropy.ts";
import { asOutput } from "./shapes.ts";

const schema = z.strictObject({
  /** Whether the net's output are logits (any numbers), not probabilities. */
  fromLogits: z.boolean().nullable().default(null),
});

/**
 * `-target log p - (1 - target) log(1 - p)`, the mean over all elements, `p` the logistic function of the output. From
 * logits as `max(x, 0) - x target + log(1 + exp(-|x|))`, which no output overflows
 * (TensorFlow's `sigmoid_cross_entropy_with_logits`).
 */
export class BinaryCrossentropy extends Criterion<typeof schema> {
  static override schema: z.ZodObject = schema;
  fromLogits: boolean | null = this.options.fromLogits;

  override invoke(output: Tensor, target: Tensor): Tensor {
    const { abs, add, exp, log1p, mean, mul, neg, relu, sub } = tf();
    const wanted = asOutput("BinaryCrossentropy", output, target);
    if (this.fromLogits ?? true) return mean(add(sub(relu(output), mul(output, wanted)), log1p(exp(neg(abs(output))))));
    return neg(mean(add(mul(wanted, logOf(output)), mul(sub(1, wanted), logOf(sub(1, output))))));
  }
}
