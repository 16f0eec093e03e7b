import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { Criterion } from "./criterion.ts";
import { logOf } from "./crossentropy.ts";
import { asOutput } from "./shapes.ts";

/**
 * `Σ target log(target / output)`, of probabilities `[batch, ..., classes]`, the mean over rows.
 * S. Kullback, R. Leibler, Ann. Math. Stat. 22 (1951); as `keras.losses.KLDivergence`.
 */
export class KLDivergence extends Criterion {
  override invoke(output: Tensor, target: Tensor): Tensor {
    const { mean, mul, sub, sum } = tf();
    const wanted = asOutput("KLDivergence", output, target);
    return mean(sum(mul(wanted, sub(logOf(wanted), logOf(output))), -1));
  }
}
