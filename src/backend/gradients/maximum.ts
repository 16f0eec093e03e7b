import type { Tensor } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import { type Gradient, unbroadcast } from "./gradient.ts";

type Compare = (a: Tensor, b: Tensor) => Tensor;

/** tfjs's own forgets that operands may have been broadcast. */
const chosen = (kernelName: string, comparison: (tf: TF) => Compare): Gradient => (tf) => ({
  kernelName,
  inputsToSave: ["a", "b"],
  gradFunc: (dy, [a, b]) => {
    const first = () => tf.cast(comparison(tf)(a!, b!), "float32");
    return {
      a: () => unbroadcast(tf, tf.mul(dy as Tensor, first()), a!.shape),
      b: () => unbroadcast(tf, tf.mul(dy as Tensor, tf.sub(1, first())), b!.shape),
    };
  },
});

/** The gradient goes to the operand that was taken; of two that are equal, to the first. */
export const maximum: Gradient = chosen("Maximum", ({ greaterEqual }) => greaterEqual);

/** As {@linkcode maximum}. */
export const minimum: Gradient = chosen("Minimum", ({ lessEqual }) => lessEqual);
