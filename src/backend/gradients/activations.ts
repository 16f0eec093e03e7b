import type { Tensor } from "@tensorflow/tfjs-core";
import { type Activation, activationGradient } from "./activation_gradient.ts";
import type { Gradient } from "./gradient.ts";

/** From what the activation gave, in one pass where the backend can: tfjs takes three. */
const fromOutput = (kernelName: string, activation: Activation): Gradient => (tf) => ({
  kernelName,
  outputsToSave: [true],
  gradFunc: (dy, [y]) => ({ x: () => activationGradient(tf, activation, dy as Tensor, y!) }),
});

/** `tf.relu`, `tf.relu6`, `tf.sigmoid`, `tf.tanh`. */
export const activations: readonly Gradient[] = [
  fromOutput("Relu", "relu"),
  fromOutput("Relu6", "relu6"),
  fromOutput("Sigmoid", "sigmoid"),
  fromOutput("Tanh", "tanh"),
];
