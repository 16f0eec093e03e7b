import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { Criterion } from "./criterion.ts";
import { asOutput } from "./shapes.ts";

/** The mean of `|output - target|` over all elements. */
export class MeanAbsoluteError extends Criterion {
  override invoke(output: Tensor, target: Tensor): Tensor {
    return tf().mean(tf().abs(tf().sub(output, asOutput("MeanAbsoluteError", output, target))));
  }
}
