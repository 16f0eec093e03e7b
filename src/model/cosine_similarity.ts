import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { Criterion } from "./criterion.ts";
import { asOutput } from "./shapes.ts";

/** The square of the least length that a row is divided by; one of zeros is like nothing. */
const least = 1e-14;

/**
 * Minus the cosine of the angle between output and target along the last dimension, the mean over rows: -1 where they
 * point the same way, 1 where they point apart. As `keras.losses.CosineSimilarity`.
 */
export class CosineSimilarity extends Criterion {
  override invoke(output: Tensor, target: Tensor): Tensor {
    const { mean, mul, neg, sum } = tf();
    const wanted = asOutput("CosineSimilarity", output, target);
    return neg(mean(sum(mul(unit(output), unit(wanted)), -1)));
  }
}

/** Rows of length one. */
function unit(rows: Tensor): Tensor {
  const { maximum, mul, rsqrt, square, sum } = tf();
  return mul(rows, rsqrt(maximum(sum(square(rows), -1, true), least)));
}
