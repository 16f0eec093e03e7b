import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { Metric } from "./metric.ts";
import { asOutput } from "./shapes.ts";

/** The mean of `|output - target|` over all elements. */
export class MeanError extends Metric {
  override invoke(output: Tensor, target: Tensor): Tensor {
    return tf().mean(tf().abs(tf().sub(output, asOutput("MeanError", output, target))));
  }
}
