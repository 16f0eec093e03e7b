// @ts-nocheck: AssemblyScript
// What a GRU's step does between its products of matrices, forward and back. Everything lies in panels (see
// recurrent_blocks.ts); of the 3 gates z, r, h one follows the other, `size` bytes each. Reset comes before the product.
import { gateSlope4, gatesOf, tanhOf, tanhSlope4 } from "./recurrent_math.ts";
import { rowMask } from "./lstm.ts";

/** Turns the sums of the first two gates into gates, in place, and resets the output before: `reset` = r h. */
export function gruReset(
  rows: i32,
  width: i32,
  gates: usize,
  before: usize,
  reset: usize,
  hard: i32,
  t: usize,
): void {
  const count = rows * width >> 2;
  gatesOf(gates, 2 * count, hard, t);
  gates += <usize> count << 4;
  for (let i = 0; i < count; i++) {
    v128.store(reset, f32x4.mul(v128.load(gates), v128.load(before)));
    gates += 16;
    before += 16;
    reset += 16;
  }
}

/** Turns the third gate's sums into the candidate, in place, and makes the output that follows. */
export function gruStep(rows: i32, width: i32, gates: usize, before: usize, h: usize, mask: usize, t: usize): void {
  const size = <usize> (rows * width) << 2;
  tanhOf(gates + 2 * size, gates + 2 * size, rows * width >> 2, t);
  const one = f32x4.splat(1);
  for (let u = 0; u < width; u += 4) {
    for (let r = 0; r < rows; r++) {
      const z = v128.load(gates), old = v128.load(before);
      const candidate = f32x4.mul(f32x4.sub(one, z), v128.load(gates + 2 * size));
      v128.store(h, v128.bitselect(f32x4.add(f32x4.mul(z, old), candidate), old, rowMask(mask, r)));
      gates += 16;
      before += 16;
      h += 16;
    }
  }
}

/** A step back, first part: the gradients of the sums of z and h, and what of dh passes the step by (into dh). */
export function gruStepGrad(
  rows: i32,
  width: i32,
  gates: usize,
  before: usize,
  dh: usize,
  dGates: usize,
  dBias: usize,
  mask: usize,
  hard: i32,
): void {
  const size = <usize> (rows * width) << 2, biases = <usize> width << 2;
  const one = f32x4.splat(1);
  const steep = hard != 0;
  for (let u = 0; u < width; u += 4) {
    let bz = v128.load(dBias), bh = v128.load(dBias + 2 * biases);
    for (let r = 0; r < rows; r++) {
      const on = rowMask(mask, r);
      const z = v128.load(gates), candidate = v128.load(gates + 2 * size);
      const dOut = v128.load(dh), d = v128.and(on, dOut);
      const dz = f32x4.mul(f32x4.mul(d, f32x4.sub(v128.load(before), candidate)), gateSlope4(z, steep));
      const dCandidate = f32x4.mul(f32x4.mul(d, f32x4.sub(one, z)), tanhSlope4(candidate));
      v128.store(dGates, dz);
      v128.store(dGates + 2 * size, dCandidate);
      bz = f32x4.add(bz, dz);
      bh = f32x4.add(bh, dCandidate);
      v128.store(dh, f32x4.add(f32x4.mul(d, z), v128.andnot(dOut, on)));
      gates += 16;
      before += 16;
      dh += 16;
      dGates += 16;
    }
    v128.store(dBias, bz);
    v128.store(dBias + 2 * biases, bh);
    dBias += 16;
  }
}

/** A step back, second part: from the gradient of `reset` to that of r's sums; dh is added to. */
export function gruResetGrad(
  rows: i32,
  width: i32,
  gates: usize,
  before: usize,
  dReset: usize,
  dh: usize,
  dGates: usize,
  dBias: usize,
  hard: i32,
): void {
  const size = <usize> (rows * width) << 2, biases = <usize> width << 2;
  const steep = hard != 0;
  for (let u = 0; u < width; u += 4) {
    let br = v128.load(dBias + biases);
    for (let row = 0; row < rows; row++) {
      const r = v128.load(gates + size), d = v128.load(dReset);
      const dr = f32x4.mul(f32x4.mul(d, v128.load(before)), gateSlope4(r, steep));
      v128.store(dGates + size, dr);
      br = f32x4.add(br, dr);
      v128.store(dh, f32x4.add(v128.load(dh), f32x4.mul(d, r)));
      gates += 16;
      before += 16;
      dReset += 16;
      dh += 16;
      dGates += 16;
    }
    v128.store(dBias + biases, br);
    dBias += 16;
  }
}
