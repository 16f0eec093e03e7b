// @ts-nocheck: AssemblyScript
// Products of matrices by tiles of 4 rows and 8 columns, whose sums stay in the processor. A sum runs in the order of
// depth, in blocks that the caller chooses: the same bits whatever the tiles are.

/** Puts a line of a tile down, or adds it to what is there. Apart, for a compiler that joins stores side by side. */
function put(to: usize, left: v128, right: v128, accumulate: bool): void {
  if (accumulate) {
    v128.store(to, f32x4.add(v128.load(to), left));
    v128.store(to, f32x4.add(v128.load(to, 16), right), 16);
  } else {
    v128.store(to, left);
    v128.store(to, right, 16);
  }
}

/** One tile: the product of a panel of rows and one of columns. */
function multiplyTile(depth: i32, a: usize, b: usize, to: usize, step: usize, accumulate: bool): void {
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  for (let k = 0; k < depth; k += 2) {
    let left = v128.load(b), right = v128.load(b, 16);
    let x = v128.load32_splat(a);
    a0 = madd(x, left, a0);
    a1 = madd(x, right, a1);
    x = v128.load32_splat(a, 4);
    b0 = madd(x, left, b0);
    b1 = madd(x, right, b1);
    x = v128.load32_splat(a, 8);
    c0 = madd(x, left, c0);
    c1 = madd(x, right, c1);
    x = v128.load32_splat(a, 12);
    d0 = madd(x, left, d0);
    d1 = madd(x, right, d1);
    left = v128.load(b, 32), right = v128.load(b, 48);
    x = v128.load32_splat(a, 16);
    a0 = madd(x, left, a0);
    a1 = madd(x, right, a1);
    x = v128.load32_splat(a, 20);
    b0 = madd(x, left, b0);
    b1 = madd(x, right, b1);
    x = v128.load32_splat(a, 24);
    c0 = madd(x, left, c0);
    c1 = madd(x, right, c1);
    x = v128.load32_splat(a, 28);
    d0 = madd(x, left, d0);
    d1 = madd(x, right, d1);
    a += 32;
    b += 64;
  }
  put(to, a0, a1, accumulate);
  to += step;
  put(to, b0, b1, accumulate);
  to += step;
  put(to, c0, c1, accumulate);
  to += step;
  put(to, d0, d1, accumulate);
}

/** sum + x y; rounded once, where relaxed SIMD is chosen and the processor can. */
function madd(x: v128, y: v128, sum: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(x, y, sum);
  return f32x4.add(sum, f32x4.mul(x, y));
}

/** What of a tile lies within the matrix. */
function putPart(to: usize, step: usize, tile: usize, rows: i32, columns: i32, accumulate: bool): void {
  for (let i = 0; i < rows; i++) {
    for (let j: usize = 0; j < <usize> columns << 2; j += 4) {
      const sum = load<f32>(tile + j);
      store<f32>(to + j, accumulate ? load<f32>(to + j) + sum : sum);
    }
    to += step;
    tile += 32;
  }
}

/** The product of packed rows and packed columns, of this even depth. `tile`: 128 bytes of scratch; `step` in bytes. */
export function multiplyPanels(
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  b: usize,
  to: usize,
  step: usize,
  accumulate: bool,
  tile: usize,
): void {
  for (let j = 0; j < columns; j += 8) {
    let panel = a, place = to + (<usize> j << 2);
    for (let i = 0; i < rows; i += 4) {
      if (rows - i >= 4 && columns - j >= 8) multiplyTile(depth, panel, b, place, step, accumulate);
      else {
        multiplyTile(depth, panel, b, tile, 32, false);
        putPart(place, step, tile, min(4, rows - i), min(8, columns - j), accumulate);
      }
      panel += <usize> depth << 4;
      place += 4 * step;
    }
    b += <usize> depth << 5;
  }
}

/** As multiplyTile, of four rows that are not packed, `rowStep` bytes apart. */
function multiplyRowsTile(depth: i32, a: usize, rowStep: usize, b: usize, to: usize, step: usize): void {
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0;
  let second = a + rowStep, third = second + rowStep, fourth = third + rowStep;
  for (let k = 0; k < depth; k += 2) {
    let left = v128.load(b), right = v128.load(b, 16);
    let x = v128.load32_splat(a);
    a0 = madd(x, left, a0);
    a1 = madd(x, right, a1);
    x = v128.load32_splat(second);
    b0 = madd(x, left, b0);
    b1 = madd(x, right, b1);
    x = v128.load32_splat(third);
    c0 = madd(x, left, c0);
    c1 = madd(x, right, c1);
    x = v128.load32_splat(fourth);
    d0 = madd(x, left, d0);
    d1 = madd(x, right, d1);
    left = v128.load(b, 32), right = v128.load(b, 48);
    x = v128.load32_splat(a, 4);
    a0 = madd(x, left, a0);
    a1 = madd(x, right, a1);
    x = v128.load32_splat(second, 4);
    b0 = madd(x, left, b0);
    b1 = madd(x, right, b1);
    x = v128.load32_splat(third, 4);
    c0 = madd(x, left, c0);
    c1 = madd(x, right, c1);
    x = v128.load32_splat(fourth, 4);
    d0 = madd(x, left, d0);
    d1 = madd(x, right, d1);
    a += 8;
    second += 8;
    third += 8;
    fourth += 8;
    b += 64;
  }
  put(to, a0, a1, false);
  put(to + step, b0, b1, false);
  put(to + 2 * step, c0, c1, false);
  put(to + 3 * step, d0, d1, false);
}

/**
 * The product of rows that are not packed and packed columns: rows and columns fill whole tiles, the depth is even.
 * Steps are in bytes.
 */
export function multiplyRows(
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  rowStep: usize,
  b: usize,
  to: usize,
  step: usize,
): void {
  for (let j = 0; j < columns; j += 8, to += 32, b += <usize> depth << 5) {
    let from = a, place = to;
    for (let i = 0; i < rows; i += 4, from += 4 * rowStep, place += 4 * step) {
      multiplyRowsTile(depth, from, rowStep, b, place, step);
    }
  }
}
