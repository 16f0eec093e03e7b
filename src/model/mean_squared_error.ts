import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { Criterion } from "./criterion.ts";
import { asOutput } from "./shapes.ts";

/** The mean of `(output - target)²` over all elements. */
export class MeanSquaredError extends Criterion {
  override invoke(output: Tensor, target: Tensor): Tensor {
    const error = tf().sub(output, asOutput("MeanSquaredError", output, target));
    return tf().mean(tf().square(error));
  }
}
