import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { tf } from "../backend/tf.ts";
import { Criterion } from "./criterion.ts";
import { asOutput } from "./shapes.ts";

const schema = z.strictObject({
  /** Up to this error it is a parabola, beyond it a line. */
  delta: z.number().positive().default(1),
});

/**
 * `e² / 2` for errors up to `delta`, `delta (|e| - delta / 2)` beyond, the mean over all elements.
 * P. Huber, Ann. Math. Stat. 35 (1964); as `keras.losses.Huber`.
 */
export class Huber extends Criterion<typeof schema> {
  static override schema: z.ZodObject = schema;
  delta: number = this.options.delta;

  override invoke(output: Tensor, target: Tensor): Tensor {
    const { abs, add, clipByValue, mean, mul, square, sub } = tf();
    const error = abs(sub(output, asOutput("Huber", output, target)));
    const inner = clipByValue(error, 0, this.delta);
    return mean(add(mul(square(inner), 0.5), mul(sub(error, inner), this.delta)));
  }
}
