// @ts-nocheck: AssemblyScript
// The lines of Winograd's transforms over the points 0, 1, -1, 2, -2 and infinity: six numbers on one side, `count` on
// the other; four channels at a time. Steps are in bytes.
// A. Lavin, S. Gray, "Fast Algorithms for Convolutional Neural Networks", CVPR 2016.

/** Six pixels to six places: B^T. @inline */
export function inputLine(from: usize, step: usize, to: usize, toStep: usize): void {
  const a = v128.load(from), b = v128.load(from + step), c = v128.load(from + 2 * step);
  const d = v128.load(from + 3 * step), e = v128.load(from + 4 * step), f = v128.load(from + 5 * step);
  const four = f32x4.splat(4), five = f32x4.splat(5);
  const even = f32x4.sub(e, f32x4.mul(c, four)), odd = f32x4.sub(d, f32x4.mul(b, four));
  const near = f32x4.sub(e, c), wide = f32x4.sub(d, b), twice = f32x4.add(wide, wide);
  v128.store(to, f32x4.add(f32x4.sub(f32x4.mul(a, four), f32x4.mul(c, five)), e));
  v128.store(to + toStep, f32x4.add(even, odd));
  v128.store(to + 2 * toStep, f32x4.sub(even, odd));
  v128.store(to + 3 * toStep, f32x4.add(near, twice));
  v128.store(to + 4 * toStep, f32x4.sub(near, twice));
  v128.store(to + 5 * toStep, f32x4.add(f32x4.sub(f32x4.mul(b, four), f32x4.mul(d, five)), f));
}

/** Six places to 2, 3 or 4 outputs: A^T. @inline */
export function outputLine(from: usize, step: usize, to: usize, toStep: usize, count: i32): void {
  const b = v128.load(from + step), c = v128.load(from + 2 * step);
  const d = v128.load(from + 3 * step), e = v128.load(from + 4 * step), last = v128.load(from + 5 * step);
  const near = f32x4.add(b, c), far = f32x4.add(d, e), apart = f32x4.sub(b, c), wide = f32x4.sub(d, e);
  v128.store(to, f32x4.add(f32x4.add(v128.load(from), near), far));
  let y = f32x4.add(apart, f32x4.add(wide, wide));
  v128.store(to + toStep, count == 2 ? f32x4.add(y, last) : y);
  if (count == 2) return;
  y = f32x4.add(near, f32x4.mul(far, f32x4.splat(4)));
  v128.store(to + 2 * toStep, count == 3 ? f32x4.add(y, last) : y);
  if (count == 3) return;
  y = f32x4.add(apart, f32x4.mul(wide, f32x4.splat(8)));
  v128.store(to + 3 * toStep, f32x4.add(y, last));
}

/** The gradients of 2, 3 or 4 outputs to six places: A. @inline */
export function outputGradientLine(from: usize, step: usize, to: usize, toStep: usize, count: i32): void {
  const zero = f32x4.splat(0), a = v128.load(from), b = v128.load(from + step);
  const c = count > 2 ? v128.load(from + 2 * step) : zero, d = count > 3 ? v128.load(from + 3 * step) : zero;
  const even = f32x4.add(a, c), odd = f32x4.add(b, d);
  const wideEven = f32x4.add(a, f32x4.mul(c, f32x4.splat(4)));
  const wideOdd = f32x4.add(f32x4.add(b, b), f32x4.mul(d, f32x4.splat(8)));
  v128.store(to, a);
  v128.store(to + toStep, f32x4.add(even, odd));
  v128.store(to + 2 * toStep, f32x4.sub(even, odd));
  v128.store(to + 3 * toStep, f32x4.add(wideEven, wideOdd));
  v128.store(to + 4 * toStep, f32x4.sub(wideEven, wideOdd));
  v128.store(to + 5 * toStep, count == 2 ? b : count == 3 ? c : d);
}

/** 3, 4 or 5 weights to six places: G. @inline */
export function filterLine(from: usize, step: usize, to: usize, toStep: usize, count: i32): void {
  const zero = f32x4.splat(0), a = v128.load(from), b = v128.load(from + step), c = v128.load(from + 2 * step);
  const d = count > 3 ? v128.load(from + 3 * step) : zero, e = count > 4 ? v128.load(from + 4 * step) : zero;
  const sixth = f32x4.splat(-1.0 / 6), part = f32x4.splat(1.0 / 24);
  const even = f32x4.mul(f32x4.add(f32x4.add(a, c), e), sixth), odd = f32x4.mul(f32x4.add(b, d), sixth);
  const far = f32x4.add(f32x4.mul(c, f32x4.splat(4)), f32x4.mul(e, f32x4.splat(16)));
  const wideEven = f32x4.mul(f32x4.add(a, far), part);
  const wideOdd = f32x4.mul(f32x4.add(f32x4.add(b, b), f32x4.mul(d, f32x4.splat(8))), part);
  v128.store(to, f32x4.mul(a, f32x4.splat(0.25)));
  v128.store(to + toStep, f32x4.add(even, odd));
  v128.store(to + 2 * toStep, f32x4.sub(even, odd));
  v128.store(to + 3 * toStep, f32x4.add(wideEven, wideOdd));
  v128.store(to + 4 * toStep, f32x4.sub(wideEven, wideOdd));
  v128.store(to + 5 * toStep, count == 3 ? c : count == 4 ? d : e);
}

/** Six places to the gradients of 3, 4 or 5 weights: G^T. @inline */
export function filterGradientLine(from: usize, step: usize, to: usize, toStep: usize, count: i32): void {
  const b = v128.load(from + step), c = v128.load(from + 2 * step), last = v128.load(from + 5 * step);
  const d = v128.load(from + 3 * step), e = v128.load(from + 4 * step);
  const sixth = f32x4.splat(-1.0 / 6), part = f32x4.splat(1.0 / 24);
  const near = f32x4.mul(f32x4.add(b, c), sixth), apart = f32x4.mul(f32x4.sub(b, c), sixth);
  const far = f32x4.mul(f32x4.add(d, e), part), wide = f32x4.mul(f32x4.sub(d, e), part);
  v128.store(to, f32x4.add(f32x4.add(f32x4.mul(v128.load(from), f32x4.splat(0.25)), near), far));
  v128.store(to + toStep, f32x4.add(apart, f32x4.add(wide, wide)));
  let y = f32x4.add(near, f32x4.mul(far, f32x4.splat(4)));
  v128.store(to + 2 * toStep, count == 3 ? f32x4.add(y, last) : y);
  if (count == 3) return;
  y = f32x4.add(apart, f32x4.mul(wide, f32x4.splat(8)));
  v128.store(to + 3 * toStep, count == 4 ? f32x4.add(y, last) : y);
  if (count == 4) return;
  y = f32x4.add(near, f32x4.mul(far, f32x4.splat(16)));
  v128.store(to + 4 * toStep, f32x4.add(y, last));
}
