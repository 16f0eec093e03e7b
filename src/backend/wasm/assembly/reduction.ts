// @ts-nocheck: AssemblyScript
// What becomes of one axis of many numbers: its sum, product, largest or smallest. x: [outer, length, inner].
import { loadSome, storeSome, sumOfFour } from "./lanes.ts";

// What to do: any other number is for the smallest. See ../reductions.ts.
const SUM: i32 = 0, PRODUCT: i32 = 1, MAXIMUM: i32 = 2;

/** So many rows are summed by themselves before they are added to the rest: what keeps rounding small. */
const BLOCK: i32 = 128;

/** y [outer, inner] = x's axis of `length` reduced, times `scale`. */
export function reduce(work: i32, x: usize, y: usize, outer: i32, length: i32, inner: i32, scale: f32): void {
  for (let o = 0; o < outer; o++) {
    if (inner == 1) {
      store<f32>(y, scale * (work == SUM ? sumOfRow(x, length) : reduceRow(work, x, length)));
    } else reduceColumns(work, x, y, length, inner, scale);
    x += <usize> length * inner << 2;
    y += <usize> inner << 2;
  }
}

/** The sum of n numbers side by side. */
export function sumOfRow(x: usize, n: i32): f32 {
  let total: f64 = 0;
  for (let i = 0; i < n; i += 1024) {
    const left = min(1024, n - i);
    let sum0 = f32x4.splat(0), sum1 = sum0, k = 0;
    for (; k + 7 < left; k += 8, x += 32) {
      sum0 = f32x4.add(sum0, v128.load(x));
      sum1 = f32x4.add(sum1, v128.load(x, 16));
    }
    for (; k < left; k += 4, x += 16) sum0 = f32x4.add(sum0, loadSome(x, left - k));
    total += f64(sumOfFour(f32x4.add(sum0, sum1)));
  }
  return f32(total);
}

function reduceRow(work: i32, x: usize, n: i32): f32 {
  let all0 = f32x4.splat(empty(work)), all1 = all0, all2 = all0, all3 = all0, k = 0;
  for (; k + 15 < n; k += 16, x += 64) {
    all0 = combine(work, all0, v128.load(x));
    all1 = combine(work, all1, v128.load(x, 16));
    all2 = combine(work, all2, v128.load(x, 32));
    all3 = combine(work, all3, v128.load(x, 48));
  }
  for (; k + 3 < n; k += 4, x += 16) all0 = combine(work, all0, v128.load(x));
  const four = combine(work, combine(work, all0, all1), combine(work, all2, all3));
  const two = combine(work, four, v128.shuffle<f32>(four, four, 2, 3, 0, 1));
  let one = combine(work, two, v128.shuffle<f32>(two, two, 1, 0, 3, 2));
  for (; k < n; k++, x += 4) one = combine(work, one, f32x4.splat(load<f32>(x)));
  return f32x4.extract_lane(one, 0);
}

function reduceColumns(work: i32, x: usize, y: usize, length: i32, inner: i32, scale: f32): void {
  const row = <usize> inner << 2, scales = f32x4.splat(scale), none = f32x4.splat(empty(work));
  let c = 0;
  for (; c + 15 < inner; c += 16, x += 64, y += 64) {
    let all0 = none, all1 = none, all2 = none, all3 = none, from = x;
    for (let start = 0; start < length; start += BLOCK) {
      let part0 = none, part1 = none, part2 = none, part3 = none;
      for (let r = min(BLOCK, length - start); r > 0; r--, from += row) {
        part0 = combine(work, part0, v128.load(from));
        part1 = combine(work, part1, v128.load(from, 16));
        part2 = combine(work, part2, v128.load(from, 32));
        part3 = combine(work, part3, v128.load(from, 48));
      }
      all0 = combine(work, all0, part0);
      all1 = combine(work, all1, part1);
      all2 = combine(work, all2, part2);
      all3 = combine(work, all3, part3);
    }
    v128.store(y, f32x4.mul(all0, scales));
    v128.store(y, f32x4.mul(all1, scales), 16);
    v128.store(y, f32x4.mul(all2, scales), 32);
    v128.store(y, f32x4.mul(all3, scales), 48);
  }
  for (; c < inner; c += 4, x += 16, y += 16) {
    const some = inner - c;
    let all = none, from = x;
    for (let start = 0; start < length; start += BLOCK) {
      let part = none;
      for (let r = min(BLOCK, length - start); r > 0; r--, from += row) {
        part = combine(work, part, loadSome(from, some));
      }
      all = combine(work, all, part);
    }
    storeSome(y, f32x4.mul(all, scales), some);
  }
}

function combine(work: i32, a: v128, b: v128): v128 {
  if (work == SUM) return f32x4.add(a, b);
  if (work == PRODUCT) return f32x4.mul(a, b);
  return work == MAXIMUM ? f32x4.max(a, b) : f32x4.min(a, b);
}

/** What nothing at all comes to. */
function empty(work: i32): f32 {
  if (work == SUM) return 0;
  if (work == PRODUCT) return 1;
  return work == MAXIMUM ? -Infinity : Infinity;
}
