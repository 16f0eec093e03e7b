// @ts-nocheck: AssemblyScript
// What an LSTM's step does between its products of matrices, forward and back. Everything lies in panels (see
// recurrent_blocks.ts); of the 4 gates i, f, c, o one follows the other, `size` bytes each.
import { gateSlope4, gatesOf, tanhOf, tanhSlope4 } from "./recurrent_math.ts";

/** Where rows go on: all ones in the lanes of a row whose mask isn't 0, or everywhere without a mask. */
export function rowMask(mask: usize, row: i32): v128 {
  if (mask == 0) return i32x4.splat(-1);
  return f32x4.ne(v128.load32_splat(mask + (<usize> row << 2)), f32x4.splat(0));
}

/**
 * Turns a step's sums into gates, in place, and makes the states that follow.
 *
 * @param width units with padding; `before` and `after` hold the cell, `hBefore` and `h` the output; `t` see
 * recurrent_math.ts
 */
export function lstmStep(
  rows: i32,
  width: i32,
  gates: usize,
  before: usize,
  after: usize,
  cellTanh: usize,
  hBefore: usize,
  h: usize,
  mask: usize,
  hard: i32,
  t: usize,
): void {
  const size = <usize> (rows * width) << 2, panel = <usize> rows << 4;
  // A panel at a time stays in the first cache.
  for (let u = 0; u < width; u += 4) {
    gatesOf(gates, rows, hard, t);
    gatesOf(gates + size, rows, hard, t);
    tanhOf(gates + 2 * size, gates + 2 * size, rows, t);
    gatesOf(gates + 3 * size, rows, hard, t);
    nextCell(rows, gates, gates + size, gates + 2 * size, before, after, mask);
    tanhOf(after, cellTanh, rows, t);
    nextOutput(rows, gates + 3 * size, cellTanh, hBefore, h, mask);
    gates += panel;
    before += panel;
    after += panel;
    cellTanh += panel;
    hBefore += panel;
    h += panel;
  }
}

/** c = f c + i g in one panel. */
function nextCell(rows: i32, i: usize, f: usize, g: usize, before: usize, after: usize, mask: usize): void {
  for (let r = 0; r < rows; r++) {
    const old = v128.load(before);
    const cell = f32x4.add(f32x4.mul(v128.load(f), old), f32x4.mul(v128.load(i), v128.load(g)));
    v128.store(after, v128.bitselect(cell, old, rowMask(mask, r)));
    i += 16;
    f += 16;
    g += 16;
    before += 16;
    after += 16;
  }
}

/** h = o tanh(c) in one panel. */
function nextOutput(rows: i32, o: usize, cellTanh: usize, before: usize, h: usize, mask: usize): void {
  for (let r = 0; r < rows; r++) {
    const output = f32x4.mul(v128.load(o), v128.load(cellTanh));
    v128.store(h, v128.bitselect(output, v128.load(before), rowMask(mask, r)));
    o += 16;
    cellTanh += 16;
    before += 16;
    h += 16;
  }
}

/**
 * A step back: from the gradients of its output and cell, dh and dc, to those of its sums, of the cell before (into dc),
 * and what of dh passes it by (into dh). The bias's gradient is added to.
 */
export function lstmStepGrad(
  rows: i32,
  width: i32,
  gates: usize,
  before: usize,
  cellTanh: usize,
  dh: usize,
  dc: usize,
  dGates: usize,
  dBias: usize,
  mask: usize,
  hard: i32,
): void {
  const size = <usize> (rows * width) << 2, biases = <usize> width << 2;
  const steep = hard != 0;
  for (let u = 0; u < width; u += 4) {
    let bi = v128.load(dBias), bf = v128.load(dBias + biases);
    let bg = v128.load(dBias + 2 * biases), bo = v128.load(dBias + 3 * biases);
    for (let r = 0; r < rows; r++) {
      const on = rowMask(mask, r);
      const i = v128.load(gates), f = v128.load(gates + size);
      const g = v128.load(gates + 2 * size), o = v128.load(gates + 3 * size);
      const t = v128.load(cellTanh);
      const dOut = v128.load(dh), dCell = v128.load(dc);
      const d = v128.and(on, f32x4.add(dCell, f32x4.mul(f32x4.mul(dOut, o), tanhSlope4(t))));
      const di = f32x4.mul(f32x4.mul(d, g), gateSlope4(i, steep));
      const df = f32x4.mul(f32x4.mul(d, v128.load(before)), gateSlope4(f, steep));
      const dg = f32x4.mul(f32x4.mul(d, i), tanhSlope4(g));
      const dp = f32x4.mul(f32x4.mul(v128.and(on, dOut), t), gateSlope4(o, steep));
      v128.store(dGates, di);
      v128.store(dGates + size, df);
      v128.store(dGates + 2 * size, dg);
      v128.store(dGates + 3 * size, dp);
      bi = f32x4.add(bi, di);
      bf = f32x4.add(bf, df);
      bg = f32x4.add(bg, dg);
      bo = f32x4.add(bo, dp);
      v128.store(dh, v128.andnot(dOut, on));
      v128.store(dc, f32x4.add(f32x4.mul(d, f), v128.andnot(dCell, on)));
      gates += 16;
      before += 16;
      cellTanh += 16;
      dh += 16;
      dc += 16;
      dGates += 16;
    }
    v128.store(dBias, bi);
    v128.store(dBias + biases, bf);
    v128.store(dBias + 2 * biases, bg);
    v128.store(dBias + 3 * biases, bo);
    dBias += 16;
  }
}
