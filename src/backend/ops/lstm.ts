import { tf } from "../tf.ts";
import { type RecurrentOp, recurrentOp } from "./recurrent.ts";

/**
 * A long short-term memory over x [batch, time, features]. S. Hochreiter and J. Schmidhuber, Neural Computation 9 (8),
 * 1997, without peepholes. With s = x W + h U + b in four parts, gates i, f, o and candidate g in the order i, f, g, o:
 * c = f c + i tanh(g), h = o tanh(c). Its states are h and c; it has the gradients of x, the weights and the states.
 *
 * Its kernels are `Lstm`, `LstmGrad` and `LstmInputGrad`: see `recurrent.ts`. TensorFlow's raw operations
 * `BlockLSTMV2` and `BlockLSTMGradV2` compute the same where gates are sigmoids and there is no mask, without peepholes
 * and with `cell_clip` 0: the gates are in the same order, `w` is the kernel with the recurrent kernel under it, time
 * comes first, and `x_grad` comes with the others.
 *
 * @param kernel W [features, 4 units]; @param recurrentKernel U [units, 4 units]; @param bias b [4 units], or none
 * @throws {TypeError} shapes that don't fit
 */
export const lstm: RecurrentOp = recurrentOp({
  kernelName: "Lstm",
  states: 2,
  gates: 4,
  step(sums, [output, cell], recurrentKernel, gate) {
    const { add, mul, tanh, split, slice, matMul } = tf();
    const all = add(sums, matMul(output! as never, recurrentKernel as never));
    const units = output!.shape[1]!;
    // One call for all gates, and the candidate thrown away, is quicker than three.
    const [i, f, , o] = split(gate(all), 4, 1);
    const candidate = tanh(slice(all, [0, 2 * units], [-1, units]));
    const next = add(mul(f!, cell!), mul(i!, candidate));
    return [mul(o!, tanh(next)), next];
  },
});
