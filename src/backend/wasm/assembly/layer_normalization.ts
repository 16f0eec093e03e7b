// @ts-nocheck: AssemblyScript
// Layer normalisation of x: [rows, ways], each row over its own numbers.
import { loadSome, storeSome, sumOfFour } from "./lanes.ts";
import { sumOfRow } from "./reduction.ts";

/** So many rows are summed by themselves before they are added to the rest. */
const BLOCK: i32 = 128;

/** y = (x - mean) / deviation * gamma + beta, and each row's mean and 1 / deviation. */
export function layerNormalize(
  x: usize,
  gamma: usize,
  beta: usize,
  y: usize,
  mean: usize,
  scale: usize,
  rows: i32,
  ways: i32,
  epsilon: f32,
): void {
  for (let r = 0; r < rows; r++, mean += 4, scale += 4) {
    const middle: f32 = sumOfRow(x, ways) / f32(ways);
    const steepness: f32 = 1 / sqrt<f32>(squaresAbout(x, middle, ways) / f32(ways) + epsilon);
    store<f32>(mean, middle);
    store<f32>(scale, steepness);
    const middles = f32x4.splat(middle), steep = f32x4.splat(steepness);
    for (let c = 0, at: usize = 0; c < ways; c += 4, at += 16, x += 16, y += 16) {
      const some = ways - c, far = f32x4.mul(f32x4.sub(loadSome(x, some), middles), steep);
      storeSome(y, f32x4.add(f32x4.mul(far, loadSome(gamma + at, some)), loadSome(beta + at, some)), some);
    }
    // The last four may have been fewer.
    const over = <usize> ((ways + 3 & ~3) - ways) << 2;
    x -= over;
    y -= over;
  }
}

function squaresAbout(x: usize, middle: f32, n: i32): f32 {
  const middles = f32x4.splat(middle);
  let sum = f32x4.splat(0), k = 0;
  for (; k + 3 < n; k += 4, x += 16) {
    const far = f32x4.sub(v128.load(x), middles);
    sum = f32x4.add(sum, f32x4.mul(far, far));
  }
  let rest: f32 = sumOfFour(sum);
  for (; k < n; k++, x += 4) rest += (load<f32>(x) - middle) * (load<f32>(x) - middle);
  return rest;
}

/** dx = the gradient for x, from that for y and what `layerNormalize` gave. */
export function layerGradient(
  x: usize,
  dy: usize,
  gamma: usize,
  mean: usize,
  scale: usize,
  dx: usize,
  rows: i32,
  ways: i32,
): void {
  const share: f32 = 1 / f32(ways);
  for (let r = 0; r < rows; r++, mean += 4, scale += 4) {
    const middles = f32x4.splat(load<f32>(mean)), steep = f32x4.splat(load<f32>(scale));
    let sums = f32x4.splat(0), moments = sums;
    for (let c = 0, at: usize = 0; c < ways; c += 4, at += 16) {
      const some = ways - c, part = f32x4.mul(loadSome(dy + at, some), loadSome(gamma + at, some));
      sums = f32x4.add(sums, part);
      moments = f32x4.add(moments, f32x4.mul(part, f32x4.mul(f32x4.sub(loadSome(x + at, some), middles), steep)));
    }
    const sum = f32x4.splat(sumOfFour(sums) * share), moment = f32x4.splat(sumOfFour(moments) * share);
    for (let c = 0, at: usize = 0; c < ways; c += 4, at += 16) {
      const some = ways - c, far = f32x4.mul(f32x4.sub(loadSome(x + at, some), middles), steep);
      const part = f32x4.mul(loadSome(dy + at, some), loadSome(gamma + at, some));
      const left = f32x4.sub(f32x4.sub(part, sum), f32x4.mul(far, moment));
      storeSome(dx + at, f32x4.mul(left, steep), some);
    }
    x += <usize> ways << 2;
    dy += <usize> ways << 2;
    dx += <usize> ways << 2;
  }
}

/** dgamma and dbeta: the gradients for the scale and the shift that all rows share. */
export function layerGradientSums(
  x: usize,
  dy: usize,
  mean: usize,
  scale: usize,
  dgamma: usize,
  dbeta: usize,
  rows: i32,
  ways: i32,
): void {
  const row = <usize> ways << 2;
  for (let c = 0; c < ways; c += 4) {
    const some = ways - c, at = <usize> c << 2;
    let gammas = f32x4.splat(0), betas = gammas, from = x + at, by = dy + at, r: usize = 0;
    for (let start = 0; start < rows; start += BLOCK) {
      let partGamma = f32x4.splat(0), partBeta = partGamma;
      for (let n = min(BLOCK, rows - start); n > 0; n--, from += row, by += row, r += 4) {
        const far = f32x4.sub(loadSome(from, some), f32x4.splat(load<f32>(mean + r)));
        const gradient = loadSome(by, some);
        partBeta = f32x4.add(partBeta, gradient);
        partGamma = f32x4.add(partGamma, f32x4.mul(gradient, f32x4.mul(far, f32x4.splat(load<f32>(scale + r)))));
      }
      gammas = f32x4.add(gammas, partGamma);
      betas = f32x4.add(betas, partBeta);
    }
    storeSome(dgamma + at, gammas, some);
    storeSome(dbeta + at, betas, some);
  }
}
