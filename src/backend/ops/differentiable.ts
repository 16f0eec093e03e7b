import type { NamedTensorMap, Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";

/** What we use of tfjs's engine, a private part: its version is pinned. */
interface Engine {
  runKernelFunc(work: {
    readonly inputs: NamedTensorMap;
    forwardFunc(backend: unknown, save: Save): Tensor[];
    backwardsFunc(gradients: Tensor | Tensor[], saved: Tensor[]): Gradients;
  }): Tensor | Tensor[];
}

/** Keeps tensors for the way back; called once. */
export type Save = (tensors: Tensor[]) => void;

/** How to get the gradient of each input, where it is asked for. */
export type Gradients = Record<string, () => Tensor>;

/**
 * Runs something that has several outputs, gradients of its own, and more to keep for them than its inputs and outputs.
 * `tf.customGrad` has one output and computes the gradients of all its inputs, asked for or not; and of a registered
 * kernel every output, also one that is only kept, gets a gradient, made of zeros.
 */
export function differentiable(
  inputs: NamedTensorMap,
  forward: (save: Save) => Tensor[],
  backward: (gradients: Tensor[], saved: Tensor[]) => Gradients,
): Tensor[] {
  const engine = tf().engine() as unknown as Engine;
  const outputs = engine.runKernelFunc({
    inputs,
    forwardFunc: (_, save) => forward(save),
    backwardsFunc: (gradients, saved) => backward([gradients].flat(), saved),
  });
  return [outputs].flat();
}

/** Whether gradients are about to be taken of what is computed now. */
export const tracksGradients = (): boolean => tf().engine().state.gradientDepth > 0;
