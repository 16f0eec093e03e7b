import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { Criterion } from "./criterion.ts";
import { crossentropy, logOf } from "./crossentropy.ts";
import { asOutput } from "./shapes.ts";

const schema = z.strictObject({
  /** Whether the net's output are logits (any numbers), not probabilities. */
  fromLogits: z.boolean().nullable().default(null),
});

/**
 * `-Σ target log p`, of outputs and targets `[batch, ..., classes]`; a target's row sums to one, as one-hot rows do.
 * As `keras.losses.CategoricalCrossentropy(from_logits=True)`.
 */
export class CategoricalCrossentropy extends Criterion<typeof schema> {
  static override schema: z.ZodObject = schema;
  fromLogits: boolean | null = this.options.fromLogits;

  override invoke(output: Tensor, target: Tensor): Tensor {
    const wanted = asOutput("CategoricalCrossentropy", output, target);
    return crossentropy((this.fromLogits ?? true) ? output : logOf(output), wanted);
  }
}
