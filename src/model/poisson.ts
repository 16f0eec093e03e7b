import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { Criterion } from "./criterion.ts";
import { asOutput } from "./shapes.ts";

/** How near to zero a rate may come. Keras's `backend.epsilon()`. */
const least = 1e-7;

/**
 * `output - target log(output)`, the mean over all elements: what is counted, and the rate that the net gives for it,
 * which must be positive. As `keras.losses.Poisson`.
 */
export class Poisson extends Criterion {
  override invoke(output: Tensor, target: Tensor): Tensor {
    const { add, log, mean, mul, sub } = tf();
    const wanted = asOutput("Poisson", output, target);
    return mean(sub(output, mul(wanted, log(add(output, least)))));
  }
}
