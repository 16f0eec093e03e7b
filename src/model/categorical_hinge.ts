import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { Criterion } from "./criterion.ts";
import { asOutput } from "./shapes.ts";

/**
 * `max(0, 1 + wrong - right)` of outputs and one-hot targets `[batch, ..., classes]`, the mean over rows: `right` is
 * the output of the target's class, `wrong` the greatest of the others (or 0). As `keras.losses.CategoricalHinge`.
 */
export class CategoricalHinge extends Criterion {
  override invoke(output: Tensor, target: Tensor): Tensor {
    const { add, max, mean, mul, relu, sub, sum } = tf();
    const wanted = asOutput("CategoricalHinge", output, target);
    const right = sum(mul(wanted, output), -1), wrong = max(mul(sub(1, wanted), output), -1);
    return mean(relu(add(sub(wrong, right), 1)));
  }
}
