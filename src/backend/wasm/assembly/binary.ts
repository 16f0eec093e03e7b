// @ts-nocheck: AssemblyScript
// What becomes of two numbers each, of tensors that are broadcast to one another.
import { loadSome, storeSome } from "./lanes.ts";

// What to do: up to 6 it gives numbers, from 7 on truths, of a byte each. See ../binary.ts.
const ADD: i32 = 0, SUBTRACT: i32 = 1, MULTIPLY: i32 = 2, DIVIDE: i32 = 3, MAXIMUM: i32 = 4, MINIMUM: i32 = 5;
// 6 is for the squared difference.
const EQUAL: i32 = 7, NOT_EQUAL: i32 = 8, LESS: i32 = 9;

/**
 * Does it along `rank` axes, one at least. `plan` has for each, the outermost first, three i32: how long it is, and how
 * many numbers it is from one step to the next in a and in b: 1 or 0 along the innermost. Behind it is room for eight
 * numbers. Gives where y ends.
 */
export function binary(work: i32, a: usize, b: usize, y: usize, plan: usize, rank: i32): usize {
  const length = load<i32>(plan), aStep = load<i32>(plan, 4), bStep = load<i32>(plan, 8);
  if (rank == 1) return row(work, spread(a, aStep, plan + 12), spread(b, bStep, plan + 28), y, length, aStep, bStep);
  for (let i = 0; i < length; i++, a += aStep << 2, b += bStep << 2) y = binary(work, a, b, y, plan + 12, rank - 1);
  return y;
}

/** Where a row is read from: one number that stands for all of it is put down four times. */
function spread(at: usize, step: i32, room: usize): usize {
  if (step != 0) return at;
  v128.store(room, v128.load32_splat(at));
  return room;
}

function row(work: i32, a: usize, b: usize, y: usize, n: i32, aStep: i32, bStep: i32): usize {
  if (work >= EQUAL) return compareRow(work, a, b, y, n, aStep << 4, bStep << 4);
  const aFar = aStep << 4, bFar = bStep << 4, whole = n & ~3, end = y + (n << 2);
  let i = 0;
  if (work == ADD) {
    for (; i < whole; i += 4, a += aFar, b += bFar, y += 16) v128.store(y, f32x4.add(v128.load(a), v128.load(b)));
  } else if (work == SUBTRACT) {
    for (; i < whole; i += 4, a += aFar, b += bFar, y += 16) v128.store(y, f32x4.sub(v128.load(a), v128.load(b)));
  } else if (work == MULTIPLY) {
    for (; i < whole; i += 4, a += aFar, b += bFar, y += 16) v128.store(y, f32x4.mul(v128.load(a), v128.load(b)));
  } else {
    for (; i < whole; i += 4, a += aFar, b += bFar, y += 16) {
      v128.store(y, combined(work, v128.load(a), v128.load(b)));
    }
  }
  // One number that stands for all lies there four times.
  const left = n - whole;
  if (left > 0) {
    const first = loadSome(a, aStep == 0 ? 4 : left), second = loadSome(b, bStep == 0 ? 4 : left);
    storeSome(y, combined(work, first, second), left);
  }
  return end;
}

function combined(work: i32, a: v128, b: v128): v128 {
  if (work == ADD) return f32x4.add(a, b);
  if (work == SUBTRACT) return f32x4.sub(a, b);
  if (work == MULTIPLY) return f32x4.mul(a, b);
  if (work == DIVIDE) return f32x4.div(a, b);
  if (work == MAXIMUM) return f32x4.max(a, b);
  if (work == MINIMUM) return f32x4.min(a, b);
  const far = f32x4.sub(a, b);
  return f32x4.mul(far, far);
}

function compareRow(work: i32, a: usize, b: usize, y: usize, n: i32, aFar: i32, bFar: i32): usize {
  for (let i = 0; i < n; i += 4, a += aFar, b += bFar) {
    const left = min(4, n - i), x = loadSome(a, aFar == 0 ? 4 : left);
    const bytes = compared(work, x, loadSome(b, bFar == 0 ? 4 : left));
    if (left == 4) v128.store_lane<i32>(y, bytes, 0);
    else {
      v128.store_lane<i8>(y, bytes, 0);
      if (left > 1) v128.store_lane<i8>(y, bytes, 1, 1);
      if (left > 2) v128.store_lane<i8>(y, bytes, 2, 2);
    }
    y += left;
  }
  return y;
}

/** Four truths, a byte each, at the beginning. */
function compared(work: i32, a: v128, b: v128): v128 {
  let truths: v128;
  if (work == EQUAL) truths = f32x4.eq(a, b);
  else if (work == NOT_EQUAL) truths = f32x4.ne(a, b);
  else if (work == LESS) truths = f32x4.lt(a, b);
  else truths = f32x4.le(a, b);
  const shorts = i16x8.narrow_i32x4_s(truths, truths);
  return v128.and(i8x16.narrow_i16x8_s(shorts, shorts), i8x16.splat(1));
}

/** y = where the truth (a byte) is, `a`, else `b`. */
export function select(truths: usize, a: usize, b: usize, y: usize, n: i32): void {
  let i = 0;
  for (; i + 3 < n; i += 4, truths += 4, a += 16, b += 16, y += 16) {
    const shorts = i16x8.extend_low_i8x16_u(v128.load32_zero(truths));
    const which = i32x4.ne(i32x4.extend_low_i16x8_u(shorts), i32x4.splat(0));
    v128.store(y, v128.bitselect(v128.load(a), v128.load(b), which));
  }
  for (; i < n; i++, truths++, a += 4, b += 4, y += 4) {
    store<f32>(y, load<u8>(truths) != 0 ? load<f32>(a) : load<f32>(b));
  }
}
