import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { Criterion } from "./criterion.ts";
import { asOutput } from "./shapes.ts";

/**
 * `log cosh e`, of errors `e = output - target` the mean over all elements: like `e² / 2` where they are small, like
 * `|e| - log 2` where they are large. Computed as `e + softplus(-2e) - log 2`, which nothing overflows.
 * As `keras.losses.LogCosh`.
 */
export class LogCosh extends Criterion {
  override invoke(output: Tensor, target: Tensor): Tensor {
    const { add, mean, mul, softplus, sub } = tf();
    const error = sub(output, asOutput("LogCosh", output, target));
    return sub(mean(add(error, softplus(mul(error, -2)))), Math.LN2);
  }
}
