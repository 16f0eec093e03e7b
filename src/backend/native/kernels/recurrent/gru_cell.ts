import type { CellMaker } from "./cell.ts";

/** Gated recurrent units, reset before the product: the order is z, r, and the candidate g; h = g + z (h - g). */
export const gruCell: CellMaker = ({ add, sub, mul, apply, cut, concat, matMul }, gate, units) => ({
  states: 1,
  gates: 3,
  parts: (recurrentKernel) => cut(recurrentKernel, [units, units, units], 1),
  step(sums, [h], [forZ, forR, forG]) {
    const [zSum, rSum, gSum] = cut(sums, [units, units, units], 1) as [number, number, number];
    const z = gate.apply(add(zSum, matMul(h!, forZ!))), r = gate.apply(add(rSum, matMul(h!, forR!)));
    const reset = mul(r, h!), g = apply("Tanh", add(gSum, matMul(reset, forG!)));
    return { states: [add(g, mul(z, sub(h!, g)))], kept: [z, r, g, reset] };
  },
  back([dh], kept, [h], [forZ, forR, forG]) {
    const [z, r, g, reset] = kept as [number, number, number, number];
    const past = mul(dh!, z), dg = apply("TanhGrad", g, sub(dh!, past));
    const dReset = matMul(dg, forG!, false, true);
    const dz = gate.slope(z, mul(dh!, sub(h!, g))), dr = gate.slope(r, mul(dReset, h!));
    const through = add(matMul(dz, forZ!, false, true), matMul(dr, forR!, false, true));
    return {
      sums: concat([dz, dr, dg], 1),
      states: [add(add(past, mul(dReset, r)), through)],
      products: [[h!, dz], [h!, dr], [reset, dg]],
    };
  },
});
