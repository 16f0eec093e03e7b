import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { Criterion } from "./criterion.ts";
import { asOutput } from "./shapes.ts";

/** How small a target counts: below it, errors would be shares of next to nothing. Keras's `backend.epsilon()`. */
const least = 1e-7;

/** `100 |output - target| / |target|`, the mean over all elements. As `keras.losses.MeanAbsolutePercentageError`. */
export class MeanAbsolutePercentageError extends Criterion {
  override invoke(output: Tensor, target: Tensor): Tensor {
    const { abs, div, maximum, mean, mul, sub } = tf();
    const wanted = asOutput("MeanAbsolutePercentageError", output, target);
    return mul(mean(div(abs(sub(output, wanted)), maximum(abs(wanted), least))), 100);
  }
}
