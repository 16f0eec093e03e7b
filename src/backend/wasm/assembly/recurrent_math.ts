// @ts-nocheck: AssemblyScript
// Four activations at a time, in single precision: the same bits on every machine. Their constants lie in a table, for
// to load one takes an engine one instruction, to make it three: a quarter of the time. `t` is where the table lies.

const log2e: usize = 0, shift: usize = 4, ln2High: usize = 8, ln2Low: usize = 12;
const p5: usize = 16, p4: usize = 20, p3: usize = 24, p2: usize = 28, p1: usize = 32, p0: usize = 36;
const one: usize = 40, two: usize = 44, most: usize = 48, least: usize = 52, far: usize = 56, near: usize = 60;

/** Puts the table down: 64 bytes. */
export function activationConstants(t: usize): void {
  store<f32>(t, 1.44269504088896341, log2e);
  // What is added to 1.5 * 2^23 has its whole part in the last bits, rounded to the nearest.
  store<f32>(t, 12582912, shift);
  // ln 2 in two parts, the first of few digits, so that n times it is exact; and a polynomial for
  // (e^r - 1 - r) / r^2 where |r| < ln 2 / 2: S. L. Moshier's Cephes, expf.
  store<f32>(t, 0.693359375, ln2High);
  store<f32>(t, -2.12194440e-4, ln2Low);
  store<f32>(t, 1.9875691500e-4, p5);
  store<f32>(t, 1.3981999507e-3, p4);
  store<f32>(t, 8.3334519073e-3, p3);
  store<f32>(t, 4.1665795894e-2, p2);
  store<f32>(t, 1.6666665459e-1, p1);
  store<f32>(t, 5.0000001201e-1, p0);
  store<f32>(t, 1, one);
  store<f32>(t, 2, two);
  // Where e^-x is still a normal number, and twice where tanh x is 1.
  store<f32>(t, 87, most);
  store<f32>(t, -88.3, least);
  store<f32>(t, 18.4, far);
  store<f32>(t, -18.4, near);
}

/** e^x, within one unit in the last place, without a table; below -87 it stays at 1.6e-38. */
export function exp4(x: v128): v128 {
  x = f32x4.pmax(f32x4.pmin(x, f32x4.splat(88.3)), f32x4.splat(-87));
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), f32x4.splat(12582912));
  const n = f32x4.sub(shifted, f32x4.splat(12582912));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.add(f32x4.mul(r, f32x4.splat(1.9875691500e-4)), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
  return i32x4.add(p, i32x4.shl(shifted, 23));
}

/** 1.5 * 2^23 + n, n the whole part of x / ln 2. */
function shifted(x: v128, t: usize): v128 {
  return f32x4.add(f32x4.mul(x, v128.load32_splat(t, log2e)), v128.load32_splat(t, shift));
}

/** e^r - 1 of what is left: x - n ln 2. */
function expOfRest(x: v128, n: v128, t: usize): v128 {
  n = f32x4.sub(n, v128.load32_splat(t, shift));
  let r = f32x4.sub(x, f32x4.mul(n, v128.load32_splat(t, ln2High)));
  r = f32x4.sub(r, f32x4.mul(n, v128.load32_splat(t, ln2Low)));
  const square = f32x4.mul(r, r);
  // In pairs: what doesn't wait for each other.
  const high = f32x4.add(f32x4.mul(r, v128.load32_splat(t, p5)), v128.load32_splat(t, p4));
  const middle = f32x4.add(f32x4.mul(r, v128.load32_splat(t, p3)), v128.load32_splat(t, p2));
  const low = f32x4.add(f32x4.mul(r, v128.load32_splat(t, p1)), v128.load32_splat(t, p0));
  const p = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(high, square), middle), square), low);
  return f32x4.add(f32x4.mul(p, square), r);
}

/** 1 / (1 + e^-x), within 2.5 units in the last place. */
function sigmoid4(x: v128, t: usize): v128 {
  // pmin and pmax, in this order, give NaN of NaN.
  x = f32x4.pmax(f32x4.pmin(x, v128.load32_splat(t, most)), v128.load32_splat(t, least));
  const minus = f32x4.sub(f32x4.splat(0), x), n = shifted(minus, t);
  const unit = v128.load32_splat(t, one);
  // Times 2^n, by the bits of the exponent.
  const e = i32x4.add(f32x4.add(expOfRest(minus, n, t), unit), i32x4.shl(n, 23));
  return f32x4.div(unit, f32x4.add(unit, e));
}

/** tanh x = (e^2x - 1) / (e^2x + 1), within 2.5 units in the last place, near 0 too. */
function tanh4(x: v128, t: usize): v128 {
  x = f32x4.pmax(f32x4.pmin(f32x4.add(x, x), v128.load32_splat(t, far)), v128.load32_splat(t, near));
  const n = shifted(x, t), unit = v128.load32_splat(t, one);
  const power = i32x4.add(i32x4.shl(n, 23), unit);
  const e = f32x4.add(f32x4.mul(expOfRest(x, n, t), power), f32x4.sub(power, unit));
  return f32x4.div(e, f32x4.add(e, v128.load32_splat(t, two)));
}

/** Turns n vectors of sums into gates, in place: sigmoid, or where `hard`, clip(0.2 x + 0.5, 0, 1). */
export function gatesOf(x: usize, n: i32, hard: i32, t: usize): void {
  const slope = f32x4.splat(0.2), half = f32x4.splat(0.5), unit = f32x4.splat(1), zero = f32x4.splat(0);
  const end = x + (<usize> n << 4);
  if (hard == 0) {
    for (; x < end; x += 16) v128.store(x, sigmoid4(v128.load(x), t));
  } else {
    for (; x < end; x += 16) {
      const line = f32x4.add(f32x4.mul(v128.load(x), slope), half);
      v128.store(x, f32x4.pmax(f32x4.pmin(line, unit), zero));
    }
  }
}

/** Brings the tanh of n vectors to y. Loops of their own, for calls in a loop cost as much as what they do. */
export function tanhOf(x: usize, y: usize, n: i32, t: usize): void {
  const end = x + (<usize> n << 4);
  for (; x < end; x += 16, y += 16) v128.store(y, tanh4(v128.load(x), t));
}

/** d gate / dx, from the gate's value. */
export function gateSlope4(gate: v128, hard: bool): v128 {
  const unit = f32x4.splat(1);
  if (!hard) return f32x4.mul(gate, f32x4.sub(unit, gate));
  const inside = v128.and(f32x4.gt(gate, f32x4.splat(0)), f32x4.lt(gate, unit));
  return v128.and(f32x4.splat(0.2), inside);
}

/** d tanh / dx, from tanh's value. */
export function tanhSlope4(value: v128): v128 {
  return f32x4.sub(f32x4.splat(1), f32x4.mul(value, value));
}
