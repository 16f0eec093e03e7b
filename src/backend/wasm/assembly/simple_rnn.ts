// @ts-nocheck: AssemblyScript
// What a simple recurrent net's step does after its product of matrices, forward and back, in panels (see
// recurrent_blocks.ts).
import { rowMask } from "./lstm.ts";
import { tanhOf, tanhSlope4 } from "./recurrent_math.ts";

/** Turns a step's sums into the output that follows; `before` is kept in rows that the mask stops. */
export function simpleRnnStep(
  rows: i32,
  width: i32,
  sums: usize,
  before: usize,
  h: usize,
  mask: usize,
  t: usize,
): void {
  tanhOf(sums, sums, rows * width >> 2, t);
  for (let u = 0; u < width; u += 4) {
    for (let r = 0; r < rows; r++) {
      v128.store(h, v128.bitselect(v128.load(sums), v128.load(before), rowMask(mask, r)));
      sums += 16;
      before += 16;
      h += 16;
    }
  }
}

/** A step back: from dh to the gradient of the sums, and what of dh passes the step by (into dh). */
export function simpleRnnStepGrad(
  rows: i32,
  width: i32,
  h: usize,
  dh: usize,
  dSums: usize,
  dBias: usize,
  mask: usize,
): void {
  for (let u = 0; u < width; u += 4) {
    let sum = v128.load(dBias);
    for (let r = 0; r < rows; r++) {
      const on = rowMask(mask, r);
      const dOut = v128.load(dh);
      const d = f32x4.mul(v128.and(on, dOut), tanhSlope4(v128.load(h)));
      v128.store(dSums, d);
      v128.store(dh, v128.andnot(dOut, on));
      sum = f32x4.add(sum, d);
      h += 16;
      dh += 16;
      dSums += 16;
    }
    v128.store(dBias, sum);
    dBias += 16;
  }
}
