import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { Criterion } from "./criterion.ts";
import { shortfall } from "./hinge.ts";

/** `max(0, 1 - target output)²` for targets of -1 (or 0) and 1, the mean over all elements. As `keras.losses.SquaredHinge`. */
export class SquaredHinge extends Criterion {
  override invoke(output: Tensor, target: Tensor): Tensor {
    return tf().mean(tf().square(shortfall("SquaredHinge", output, target)));
  }
}
