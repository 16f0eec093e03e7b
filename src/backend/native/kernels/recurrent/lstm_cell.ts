import type { CellMaker } from "./cell.ts";

/** Long short-term memory: the states are h and c, the gates' order is i, f, g, o. */
export const lstmCell: CellMaker = ({ add, mul, apply, split, concat, matMul }, gate) => ({
  states: 2,
  gates: 4,
  parts: (recurrentKernel) => [recurrentKernel],
  step(sums, [h, c], [kernel]) {
    const [i, f, g, o] = split(add(sums, matMul(h!, kernel!)), 4, 1) as [number, number, number, number];
    const input = gate.apply(i), forget = gate.apply(f), candidate = apply("Tanh", g), output = gate.apply(o);
    const cell = add(mul(forget, c!), mul(input, candidate)), squashed = apply("Tanh", cell);
    return { states: [mul(output, squashed), cell], kept: [input, forget, candidate, output, squashed] };
  },
  back([dh, dc], kept, [h, c], [kernel]) {
    const [input, forget, candidate, output, squashed] = kept as [number, number, number, number, number];
    const dCell = add(dc!, apply("TanhGrad", squashed, mul(dh!, output)));
    const sums = concat([
      gate.slope(input, mul(dCell, candidate)),
      gate.slope(forget, mul(dCell, c!)),
      apply("TanhGrad", candidate, mul(dCell, input)),
      gate.slope(output, mul(dh!, squashed)),
    ], 1);
    return { sums, states: [matMul(sums, kernel!, false, true), mul(dCell, forget)], products: [[h!, sums]] };
  },
});
