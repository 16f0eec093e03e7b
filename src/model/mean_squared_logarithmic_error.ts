import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { Criterion } from "./criterion.ts";
import { asOutput } from "./shapes.ts";

/**
 * `(log(1 + output) - log(1 + target))²`, the mean over all elements; what is negative counts as zero.
 * As `keras.losses.MeanSquaredLogarithmicError`.
 */
export class MeanSquaredLogarithmicError extends Criterion {
  override invoke(output: Tensor, target: Tensor): Tensor {
    const { log1p, mean, relu, square, sub } = tf();
    const wanted = asOutput("MeanSquaredLogarithmicError", output, target);
    return mean(square(sub(log1p(relu(output)), log1p(relu(wanted)))));
  }
}
