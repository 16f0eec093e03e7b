import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";
import { type Recurrence, runRecurrent } from "./recurrent.ts";
import type { RecurrentOptions, RecurrentResult } from "./recurrent_options.ts";

/**
 * A simple recurrent net over x [batch, time, features]: h = tanh(x W + h U + b). J. L. Elman, Cognitive Science 14 (2),
 * 1990. Its state is h; it has the gradients of x, the weights and the state.
 *
 * @param kernel W [features, units]; @param recurrentKernel U [units, units]; @param bias b [units], or none
 * @throws {TypeError} shapes that don't fit
 */
export function simpleRnn(
  x: Tensor,
  kernel: Tensor,
  recurrentKernel: Tensor,
  bias: Tensor | null,
  options?: RecurrentOptions,
): RecurrentResult {
  return runRecurrent(recurrence, x, { kernel, recurrentKernel, ...(bias === null ? {} : { bias }) }, options);
}

/** Its kernels are `SimpleRnn`, `SimpleRnnGrad` and `SimpleRnnInputGrad`: see {@linkcode runRecurrent}. */
const recurrence: Recurrence = {
  kernelName: "SimpleRnn",
  states: 1,
  gates: 1,
  step: (sums, [output], recurrentKernel) => [
    tf().tanh(tf().add(sums, tf().matMul(output! as never, recurrentKernel as never))),
  ],
};
