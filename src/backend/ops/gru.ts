import { tf } from "../tf.ts";
import { type RecurrentOp, recurrentOp } from "./recurrent.ts";

/**
 * Gated recurrent units over x [batch, time, features], the output reset before it is multiplied, as tfjs has it: Keras
 * with `reset_after=False`. K. Cho et al., EMNLP 2014. With the weights' columns in the order z, r, h: z and r are gates
 * of x W + h U + b, the candidate g = tanh(x W + (r h) U + b), and h = z h + (1 - z) g. Its state is h; it has the
 * gradients of x, the weights and the state.
 *
 * Its kernels are `Gru`, `GruGrad` and `GruInputGrad`: see `recurrent.ts`.
 *
 * @param kernel W [features, 3 units]; @param recurrentKernel U [units, 3 units]; @param bias b [3 units], or none
 * @throws {TypeError} shapes that don't fit
 */
export const gru: RecurrentOp = recurrentOp({
  kernelName: "Gru",
  states: 1,
  gates: 3,
  step(sums, [output], recurrentKernel, gate) {
    const { add, sub, mul, tanh, split, matMul } = tf();
    const units = output!.shape[1]!;
    const [forGates, forCandidate] = split(recurrentKernel, [2 * units, units], 1);
    const [gateSums, candidateSums] = split(sums, [2 * units, units], 1);
    const [z, r] = split(gate(add(gateSums!, matMul(output! as never, forGates as never))), 2, 1);
    const candidate = tanh(add(candidateSums!, matMul(mul(r!, output!) as never, forCandidate as never)));
    // z h + (1 - z) g, in one operation less.
    return [add(candidate, mul(z!, sub(output!, candidate)))];
  },
});
