import type { Tensor } from "@tensorflow/tfjs-core";
import { type Gradient, unbroadcast } from "./gradient.ts";

/** `2 dy (a - b)` and its negative. tfjs's own forgets that operands may have been broadcast. */
export const squaredDifference: Gradient = (tf) => ({
  kernelName: "SquaredDifference",
  inputsToSave: ["a", "b"],
  gradFunc: (dy, [a, b]) => {
    const slope = (factor: number) => tf.mul(tf.mul(dy as Tensor, factor), tf.sub(a!, b!));
    return { a: () => unbroadcast(tf, slope(2), a!.shape), b: () => unbroadcast(tf, slope(-2), b!.shape) };
  },
});
