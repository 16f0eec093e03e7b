import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { tf } from "../backend/tf.ts";
import { Metric } from "./metric.ts";
import { asClasses } from "./shapes.ts";

const schema = z.strictObject({
  /** How many guesses an item has. */
  k: z.number().int().min(1).default(5),
});

/** The share of items whose class is among the `k` greatest outputs; a class of a like output counts as greater. */
export class TopK extends Metric<typeof schema> {
  static override schema: z.ZodObject = schema;
  k: number = this.options.k;

  override invoke(output: Tensor, target: Tensor): Tensor {
    const { argMax, cast, greaterEqual, lessEqual, mean, mul, oneHot, sum } = tf();
    const oneHotRows = output.rank === target.rank && target.shape.at(-1) === output.shape.at(-1);
    const wanted = oneHotRows ? argMax(target, -1) : asClasses("TopK", output, target);
    const own = sum(mul(output, cast(oneHot(wanted as never, output.shape.at(-1)!), "float32")), -1, true);
    // Its rank is the number of outputs that are not less than its own.
    const rank = sum(cast(greaterEqual(output, own), "float32"), -1);
    return mean(cast(lessEqual(rank, this.k), "float32"));
  }
}
