import type { CellMaker } from "./cell.ts";

/** A simple recurrent net: h = tanh(sums + h U). */
export const simpleRnnCell: CellMaker = ({ add, apply, matMul }) => ({
  states: 1,
  gates: 1,
  parts: (recurrentKernel) => [recurrentKernel],
  step(sums, [h], [kernel]) {
    const next = apply("Tanh", add(sums, matMul(h!, kernel!)));
    return { states: [next], kept: [next] };
  },
  back([dh], [next], [h], [kernel]) {
    const sums = apply("TanhGrad", next!, dh!);
    return { sums, states: [matMul(sums, kernel!, false, true)], products: [[h!, sums]] };
  },
});
