import type { Tensor } from "@tensorflow/tfjs-core";
import { type Activation, activationGradient as gradient } from "../gradients/activation_gradient.ts";
import { tf } from "../tf.ts";

export { type Activation, activationNames as activations } from "../gradients/activation_gradient.ts";

/** Applies an activation. */
export function activate(activation: Activation, x: Tensor): Tensor {
  return activation === "linear" ? x : tf()[activation](x);
}

/** The gradient of an activation's input, by that of its output dy and the output y. */
export const activationGradient = (activation: Activation, dy: Tensor, y: Tensor): Tensor =>
  gradient(tf(), activation, dy, y);
