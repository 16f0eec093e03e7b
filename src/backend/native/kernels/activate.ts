import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Machine } from "../machine.ts";

/** TensorFlow's names for activations without numbers of their own. */
export const activationOps: Readonly<Record<string, string>> = {
  relu: "Relu",
  relu6: "Relu6",
  elu: "Elu",
  selu: "Selu",
  sigmoid: "Sigmoid",
  tanh: "Tanh",
};

/** What may come after a product: a bias for each of its last dimension, and an activation. */
export interface Ending {
  readonly bias?: TensorInfo | null;
  readonly activation?: string;
  readonly leakyreluAlpha?: number;
}

/** Whether {@linkcode finish} can do it. */
export const canFinish = ({ bias, activation = "linear" }: Ending): boolean =>
  (bias == null || bias.shape.length === 1) &&
  (activation === "linear" || activation === "leakyrelu" || activation in activationOps);

/** Adds a bias and applies an activation, where there are any. */
export function finish(machine: Machine, product: number, { bias, activation, leakyreluAlpha }: Ending): number {
  const { floats, T } = machine, sum = bias == null ? product : floats.addBias(product, machine.id(bias));
  if (activation === undefined || activation === "linear") return sum;
  if (activation !== "leakyrelu") return floats.apply(activationOps[activation]!, sum);
  return machine.run("LeakyRelu", [T, machine.float("alpha", leakyreluAlpha ?? 0.2)], sum);
}
