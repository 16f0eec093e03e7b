// @ts-nocheck: AssemblyScript
// Products of matrices in panels (see recurrent_blocks.ts), many times over with the same weights: no packing, no ends.
// A tile of 4 x 8 sums is what 15 registers hold; with 6 x 8 they spill, which costs a third of the speed. Four steps in
// depth at a time are a tenth quicker than one.

/** sum + x y; rounded once, where relaxed SIMD is chosen and the processor can. */
function madd(x: v128, y: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, sum);
  return f32x4.add(sum, f32x4.mul(x, y));
}

/**
 * c = a b, or c += a b where `add`; a [m, k], b [k, n], c [m, n] in panels; m and k multiples of 4, n of 8.
 *
 * @param bias n numbers that each row begins with, or 0
 */
export function multiplyBlocks(
  m: i32,
  n: i32,
  k: i32,
  a: usize,
  aPanel: i32,
  b: usize,
  bPanel: i32,
  c: usize,
  cPanel: i32,
  bias: usize,
  add: i32,
): void {
  for (let j = 0; j < n; j += 8) {
    for (let i = 0; i < m; i += 4) {
      tile(k, a + (<usize> i << 4), aPanel, b, b + bPanel, c + (<usize> i << 4), cPanel, bias, add);
    }
    b += bPanel << 1;
    c += cPanel << 1;
    if (bias != 0) bias += 32;
  }
}

/** A tile of 4 x 8 of a product. */
function tile(
  k: i32,
  a: usize,
  aPanel: i32,
  b0: usize,
  b1: usize,
  c: usize,
  cPanel: i32,
  bias: usize,
  add: i32,
): void {
  const d = c + cPanel;
  let c0 = f32x4.splat(0), d0 = c0;
  if (bias != 0) {
    c0 = v128.load(bias);
    d0 = v128.load(bias, 16);
  }
  let c1 = c0, c2 = c0, c3 = c0, d1 = d0, d2 = d0, d3 = d0;
  if (add != 0) {
    c0 = v128.load(c), c1 = v128.load(c, 16), c2 = v128.load(c, 32), c3 = v128.load(c, 48);
    d0 = v128.load(d), d1 = v128.load(d, 16), d2 = v128.load(d, 32), d3 = v128.load(d, 48);
  }
  for (let p = 0; p < k; p += 4) {
    let u = v128.load(b0), v = v128.load(b1);
    let s = v128.load32_splat(a);
    c0 = madd(s, u, c0);
    d0 = madd(s, v, d0);
    s = v128.load32_splat(a, 16);
    c1 = madd(s, u, c1);
    d1 = madd(s, v, d1);
    s = v128.load32_splat(a, 32);
    c2 = madd(s, u, c2);
    d2 = madd(s, v, d2);
    s = v128.load32_splat(a, 48);
    c3 = madd(s, u, c3);
    d3 = madd(s, v, d3);
    u = v128.load(b0, 16), v = v128.load(b1, 16);
    s = v128.load32_splat(a, 4);
    c0 = madd(s, u, c0);
    d0 = madd(s, v, d0);
    s = v128.load32_splat(a, 20);
    c1 = madd(s, u, c1);
    d1 = madd(s, v, d1);
    s = v128.load32_splat(a, 36);
    c2 = madd(s, u, c2);
    d2 = madd(s, v, d2);
    s = v128.load32_splat(a, 52);
    c3 = madd(s, u, c3);
    d3 = madd(s, v, d3);
    u = v128.load(b0, 32), v = v128.load(b1, 32);
    s = v128.load32_splat(a, 8);
    c0 = madd(s, u, c0);
    d0 = madd(s, v, d0);
    s = v128.load32_splat(a, 24);
    c1 = madd(s, u, c1);
    d1 = madd(s, v, d1);
    s = v128.load32_splat(a, 40);
    c2 = madd(s, u, c2);
    d2 = madd(s, v, d2);
    s = v128.load32_splat(a, 56);
    c3 = madd(s, u, c3);
    d3 = madd(s, v, d3);
    u = v128.load(b0, 48), v = v128.load(b1, 48);
    s = v128.load32_splat(a, 12);
    c0 = madd(s, u, c0);
    d0 = madd(s, v, d0);
    s = v128.load32_splat(a, 28);
    c1 = madd(s, u, c1);
    d1 = madd(s, v, d1);
    s = v128.load32_splat(a, 44);
    c2 = madd(s, u, c2);
    d2 = madd(s, v, d2);
    s = v128.load32_splat(a, 60);
    c3 = madd(s, u, c3);
    d3 = madd(s, v, d3);
    b0 += 64;
    b1 += 64;
    a += aPanel;
  }
  v128.store(c, c0), v128.store(c, c1, 16), v128.store(c, c2, 32), v128.store(c, c3, 48);
  v128.store(d, d0), v128.store(d, d1, 16), v128.store(d, d2, 32), v128.store(d, d3, 48);
}

/**
 * c += the sum of aᵀ b over some steps: of each step a [k, m], b [k, n] in panels; m a multiple of 4, n of 8.
 *
 * @param aStep how many bytes the next step's a is on
 */
export function multiplyTurnedBlocks(
  m: i32,
  n: i32,
  k: i32,
  steps: i32,
  a: usize,
  aPanel: i32,
  aStep: i32,
  b: usize,
  bPanel: i32,
  bStep: i32,
  c: usize,
  cPanel: i32,
): void {
  for (let j = 0; j < n; j += 8) {
    for (let i = 0; i < m; i += 4) {
      const column = a + <usize> (i >> 2) * aPanel;
      turnedTile(k, steps, column, aStep, b, bPanel, bStep, c + (<usize> i << 4), cPanel);
    }
    b += bPanel << 1;
    c += cPanel << 1;
  }
}

function turnedTile(
  k: i32,
  steps: i32,
  a: usize,
  aStep: i32,
  b: usize,
  bPanel: i32,
  bStep: i32,
  c: usize,
  cPanel: i32,
): void {
  const d = c + cPanel;
  let c0 = v128.load(c), c1 = v128.load(c, 16), c2 = v128.load(c, 32), c3 = v128.load(c, 48);
  let d0 = v128.load(d), d1 = v128.load(d, 16), d2 = v128.load(d, 32), d3 = v128.load(d, 48);
  for (let step = 0; step < steps; step++) {
    let p = a, b0 = b, b1 = b + bPanel;
    for (let i = 0; i < k; i += 4) {
      let u = v128.load(b0), v = v128.load(b1);
      let s = v128.load32_splat(p);
      c0 = madd(s, u, c0);
      d0 = madd(s, v, d0);
      s = v128.load32_splat(p, 4);
      c1 = madd(s, u, c1);
      d1 = madd(s, v, d1);
      s = v128.load32_splat(p, 8);
      c2 = madd(s, u, c2);
      d2 = madd(s, v, d2);
      s = v128.load32_splat(p, 12);
      c3 = madd(s, u, c3);
      d3 = madd(s, v, d3);
      u = v128.load(b0, 16), v = v128.load(b1, 16);
      s = v128.load32_splat(p, 16);
      c0 = madd(s, u, c0);
      d0 = madd(s, v, d0);
      s = v128.load32_splat(p, 20);
      c1 = madd(s, u, c1);
      d1 = madd(s, v, d1);
      s = v128.load32_splat(p, 24);
      c2 = madd(s, u, c2);
      d2 = madd(s, v, d2);
      s = v128.load32_splat(p, 28);
      c3 = madd(s, u, c3);
      d3 = madd(s, v, d3);
      u = v128.load(b0, 32), v = v128.load(b1, 32);
      s = v128.load32_splat(p, 32);
      c0 = madd(s, u, c0);
      d0 = madd(s, v, d0);
      s = v128.load32_splat(p, 36);
      c1 = madd(s, u, c1);
      d1 = madd(s, v, d1);
      s = v128.load32_splat(p, 40);
      c2 = madd(s, u, c2);
      d2 = madd(s, v, d2);
      s = v128.load32_splat(p, 44);
      c3 = madd(s, u, c3);
      d3 = madd(s, v, d3);
      u = v128.load(b0, 48), v = v128.load(b1, 48);
      s = v128.load32_splat(p, 48);
      c0 = madd(s, u, c0);
      d0 = madd(s, v, d0);
      s = v128.load32_splat(p, 52);
      c1 = madd(s, u, c1);
      d1 = madd(s, v, d1);
      s = v128.load32_splat(p, 56);
      c2 = madd(s, u, c2);
      d2 = madd(s, v, d2);
      s = v128.load32_splat(p, 60);
      c3 = madd(s, u, c3);
      d3 = madd(s, v, d3);
      b0 += 64;
      b1 += 64;
      p += 64;
    }
    a += aStep;
    b += bStep;
  }
  v128.store(c, c0), v128.store(c, c1, 16), v128.store(c, c2, 32), v128.store(c, c3, 48);
  v128.store(d, d0), v128.store(d, d1, 16), v128.store(d, d2, 32), v128.store(d, d3, 48);
}
