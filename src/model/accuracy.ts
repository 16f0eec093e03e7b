import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { tf } from "../backend/tf.ts";
import { Metric } from "./metric.ts";
import { asClasses, asOutput } from "./shapes.ts";

const schema = z.strictObject({
  /** For an output of one column: whether it is a logit (yes above 0), not a probability (yes above 0.5). */
  fromLogits: z.boolean().nullable().default(null),
});

/**
 * The share of items that are classified rightly. Targets are the classes' numbers, or one-hot rows in the output's
 * shape, or, for an output of one column, 0 and 1.
 */
export class Accuracy extends Metric<typeof schema> {
  static override schema: z.ZodObject = schema;
  fromLogits: boolean | null = this.options.fromLogits;

  override invoke(output: Tensor, target: Tensor): Tensor {
    const { cast, equal, mean } = tf();
    return mean(cast(equal(...this.#decisions(output, target)), "float32"));
  }

  #decisions(output: Tensor, target: Tensor): [found: Tensor, wanted: Tensor] {
    const { argMax, greater } = tf();
    if (output.shape.at(-1) === 1) {
      const wanted = asOutput("Accuracy", output, target);
      return [greater(output, (this.fromLogits ?? true) ? 0 : 0.5), greater(wanted, 0.5)];
    }
    const oneHot = output.rank === target.rank && target.shape.at(-1) === output.shape.at(-1);
    const wanted = oneHot ? argMax(target, -1) : asClasses("Accuracy", output, target);
    return [argMax(output, -1), wanted];
  }
}
