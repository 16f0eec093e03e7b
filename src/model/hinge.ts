import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { Criterion } from "./criterion.ts";
import { asOutput } from "./shapes.ts";

/**
 * How much each output falls short of being 1 on its target's side, `max(0, 1 - target output)`. Targets are -1 and 1,
 * or 0 and 1.
 */
export function shortfall(who: string, output: Tensor, target: Tensor): Tensor {
  const { cast, equal, mul, relu, sub } = tf();
  const wanted = asOutput(who, output, target);
  const signed = sub(wanted, cast(equal(wanted, 0), "float32"));
  return relu(sub(1, mul(signed, output)));
}

/** `max(0, 1 - target output)` for targets of -1 (or 0) and 1, the mean over all elements. As `keras.losses.Hinge`. */
export class Hinge extends Criterion {
  override invoke(output: Tensor, target: Tensor): Tensor {
    return tf().mean(shortfall("Hinge", output, target));
  }
}
