// @ts-nocheck: AssemblyScript
// What is done to each number by itself, and the crossentropy of rows.
import { loadSome, storeSome } from "./lanes.ts";
import { exponential } from "./exponential.ts";

/** The gradient of an activation's input by that of its output dy, from the output y: n numbers each. */
export function activationGradient(activation: i32, dy: usize, y: usize, dx: usize, n: i32): void {
  for (let at: usize = 0, left = n; left > 0; left -= 4, at += 16) {
    storeSome(dx + at, slope(activation, loadSome(dy + at, left), loadSome(y + at, left)), left);
  }
}

/** The activations' numbers are those of ../ending.ts. */
function slope(activation: i32, dy: v128, y: v128): v128 {
  const zero = f32x4.splat(0), one = f32x4.splat(1), positive = f32x4.gt(y, zero);
  if (activation == 1) return v128.and(dy, positive);
  if (activation == 2) return v128.and(dy, v128.and(positive, f32x4.lt(y, f32x4.splat(6))));
  if (activation == 4) return v128.bitselect(dy, f32x4.mul(dy, f32x4.add(y, one)), positive);
  if (activation == 5) return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(one, y)));
  if (activation == 6) return f32x4.mul(dy, f32x4.sub(one, f32x4.mul(y, y)));
  return dy;
}

/**
 * The gradient of the mean crossentropy of rows of logits with the rows that are wanted, each of which sums to 1. Of
 * each row to `parts`: the sum of e^(x - the greatest x), and the sum of (x - the greatest x) by what is wanted. The
 * logarithm of the first less the second is the row's crossentropy.
 */
export function crossentropy(
  logits: usize,
  wanted: usize,
  parts: usize,
  gradient: usize,
  rows: i32,
  columns: i32,
): void {
  const step = <usize> columns << 2, share = f32x4.splat(1 / <f32> rows);
  for (let row = 0; row < rows; row++) {
    const greatest = maximum(logits, columns), most = f32x4.splat(greatest);
    for (let at: usize = 0, left = columns; left > 0; left -= 4, at += 16) {
      storeSome(gradient + at, exponential(f32x4.sub(loadSome(logits + at, left), most)), left);
    }
    let total: f32 = 0, product: f32 = 0;
    for (let c: usize = 0; c < step; c += 4) {
      total += load<f32>(gradient + c);
      product += (load<f32>(logits + c) - greatest) * load<f32>(wanted + c);
    }
    for (let at: usize = 0, left = columns; left > 0; left -= 4, at += 16) {
      const found = f32x4.div(loadSome(gradient + at, left), f32x4.splat(total));
      storeSome(gradient + at, f32x4.mul(f32x4.sub(found, loadSome(wanted + at, left)), share), left);
    }
    store<f32>(parts, total);
    store<f32>(parts, product, 4);
    parts += 8;
    logits += step;
    wanted += step;
    gradient += step;
  }
}

function maximum(row: usize, columns: i32): f32 {
  let greatest = load<f32>(row);
  for (let c = 1; c < columns; c++) greatest = max(greatest, load<f32>(row + (<usize> c << 2)));
  return greatest;
}

/** y += x, n numbers. */
export function addInto(y: usize, x: usize, n: i32): void {
  let i = 0;
  for (; i + 3 < n; i += 4, x += 16, y += 16) v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
  for (; i < n; i++, x += 4, y += 4) store<f32>(y, load<f32>(y) + load<f32>(x));
}
