// @ts-nocheck: AssemblyScript
// Batch normalisation of x: [rows, ways], each channel over all rows. Statistics are summed in blocks of rows.
import { loadSome, storeSome } from "./lanes.ts";
import { reduce } from "./reduction.ts";

/** So many rows are summed by themselves before they are added to the rest. */
const BLOCK: i32 = 128;

/** mean and variance (the biased one) of each channel. */
export function batchStatistics(x: usize, rows: i32, ways: i32, mean: usize, variance: usize): void {
  const row = <usize> ways << 2, share = f32x4.splat(1 / f32(rows));
  reduce(0, x, mean, 1, rows, ways, 1 / f32(rows));
  for (let c = 0; c < ways; c += 4) {
    const some = ways - c, at = <usize> c << 2, middle = loadSome(mean + at, some);
    let all = f32x4.splat(0), from = x + at;
    for (let start = 0; start < rows; start += BLOCK) {
      let part = f32x4.splat(0);
      for (let r = min(BLOCK, rows - start); r > 0; r--, from += row) {
        const far = f32x4.sub(loadSome(from, some), middle);
        part = f32x4.add(part, f32x4.mul(far, far));
      }
      all = f32x4.add(all, part);
    }
    storeSome(variance + at, f32x4.mul(all, share), some);
  }
}

/** y = (x - mean) * scale + shift, each channel by its own. */
export function normalize(x: usize, y: usize, rows: i32, ways: i32, mean: usize, scale: usize, shift: usize): void {
  for (let r = 0; r < rows; r++) {
    let at: usize = 0, c = 0;
    for (; c + 3 < ways; c += 4, at += 16) {
      const far = f32x4.sub(v128.load(x + at), v128.load(mean + at));
      v128.store(y + at, f32x4.add(f32x4.mul(far, v128.load(scale + at)), v128.load(shift + at)));
    }
    for (; c < ways; c++, at += 4) {
      store<f32>(y + at, (load<f32>(x + at) - load<f32>(mean + at)) * load<f32>(scale + at) + load<f32>(shift + at));
    }
    x += at;
    y += at;
  }
}

/** Of each channel: sum = what dy sums to; moment = what dy * (x - mean) sums to. */
export function batchGradientSums(
  x: usize,
  dy: usize,
  rows: i32,
  ways: i32,
  mean: usize,
  sum: usize,
  moment: usize,
): void {
  const row = <usize> ways << 2;
  for (let c = 0; c < ways; c += 4) {
    const some = ways - c, at = <usize> c << 2, middle = loadSome(mean + at, some);
    let sums = f32x4.splat(0), moments = sums, from = x + at, by = dy + at;
    for (let start = 0; start < rows; start += BLOCK) {
      let partSum = f32x4.splat(0), partMoment = partSum;
      for (let r = min(BLOCK, rows - start); r > 0; r--, from += row, by += row) {
        const gradient = loadSome(by, some);
        partSum = f32x4.add(partSum, gradient);
        partMoment = f32x4.add(partMoment, f32x4.mul(gradient, f32x4.sub(loadSome(from, some), middle)));
      }
      sums = f32x4.add(sums, partSum);
      moments = f32x4.add(moments, partMoment);
    }
    storeSome(sum + at, sums, some);
    storeSome(moment + at, moments, some);
  }
}

/** dx = dy * a + (x - mean) * b + c, each channel by its own; `factors` is all of a, then of b, then of c. */
export function batchGradient(
  x: usize,
  dy: usize,
  dx: usize,
  rows: i32,
  ways: i32,
  mean: usize,
  factors: usize,
): void {
  const a = factors, b = a + (<usize> ways << 2), c = b + (<usize> ways << 2);
  for (let r = 0; r < rows; r++) {
    let at: usize = 0, i = 0;
    for (; i + 3 < ways; i += 4, at += 16) {
      const far = f32x4.sub(v128.load(x + at), v128.load(mean + at));
      const first = f32x4.add(f32x4.mul(v128.load(dy + at), v128.load(a + at)), v128.load(c + at));
      v128.store(dx + at, f32x4.add(first, f32x4.mul(far, v128.load(b + at))));
    }
    for (; i < ways; i++, at += 4) {
      const far = load<f32>(x + at) - load<f32>(mean + at);
      const first = load<f32>(dy + at) * load<f32>(a + at) + load<f32>(c + at);
      store<f32>(dx + at, first + far * load<f32>(b + at));
    }
    x += at;
    dy += at;
    dx += at;
  }
}
