import { tf } from "../tf.ts";
import { type RecurrentOp, recurrentOp } from "./recurrent.ts";

/**
 * A simple recurrent net over x [batch, time, features]: h = tanh(x W + h U + b). J. L. Elman, Cognitive Science 14 (2),
 * 1990. Its state is h; it has the gradients of x, the weights and the state.
 *
 * Its kernels are `SimpleRnn`, `SimpleRnnGrad` and `SimpleRnnInputGrad`: see `recurrent.ts`.
 *
 * @param kernel W [features, units]; @param recurrentKernel U [units, units]; @param bias b [units], or none
 * @throws {TypeError} shapes that don't fit
 */
export const simpleRnn: RecurrentOp = recurrentOp({
  kernelName: "SimpleRnn",
  states: 1,
  gates: 1,
  step: (sums, [output], recurrentKernel) => [
    tf().tanh(tf().add(sums, tf().matMul(output! as never, recurrentKernel as never))),
  ],
});
