import type { Tensor } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";

/** The activations whose gradients follow from what they give. */
export const activationNames = ["linear", "relu", "relu6", "elu", "sigmoid", "tanh"] as const;

/** The name of an activation whose gradient follows from what it gives. */
export type Activation = typeof activationNames[number];

/**
 * The gradient of an activation's input, by that of its output and the output y: of relu and relu6 0 where y is at an
 * end, of elu `y + 1` below 0, of sigmoid `y (1 - y)`, of tanh `1 - y²`. In one pass where the backend has the kernel
 * `ActivationGrad`.
 */
export function activationGradient(tf: TF, activation: Activation, dy: Tensor, y: Tensor): Tensor {
  if (activation === "linear") return dy;
  if (tf.getKernel("ActivationGrad", tf.getBackend()) !== undefined) {
    return tf.engine().runKernel("ActivationGrad", { dy, y }, { activation }) as Tensor;
  }
  return tf.mul(dy, slope(tf, activation, y));
}

function slope(tf: TF, activation: Activation, y: Tensor): Tensor {
  const { add, cast, greater, less, logicalAnd, mul, onesLike, square, sub, where } = tf;
  if (activation === "sigmoid") return mul(y, sub(1, y));
  if (activation === "tanh") return sub(1, square(y));
  const positive = greater(y, 0);
  if (activation === "elu") return where(positive, onesLike(y), add(y, 1));
  return cast(activation === "relu6" ? logicalAnd(positive, less(y, 6)) : positive, "float32");
}
