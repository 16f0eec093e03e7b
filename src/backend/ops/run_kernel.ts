import type { GradConfig, NamedAttrMap, NamedTensorMap, Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";

/** Whether the backend that computes now has a kernel of this name. */
export function hasKernel(name: string): boolean {
  return tf().getKernel(name, tf().getBackend()) !== undefined;
}

/** Runs a kernel of our own that has a gradient, and gives what comes of it. */
export function runKernel(gradient: GradConfig, inputs: NamedTensorMap, attrs: NamedAttrMap): Tensor[] {
  if (tf().getGradient(gradient.kernelName) === undefined) tf().registerGradient(gradient);
  return [tf().engine().runKernel(gradient.kernelName, inputs, attrs) as Tensor | Tensor[]].flat();
}
