// @ts-nocheck: AssemblyScript
// What products of matrices are made of: numbers packed side by side in panels. What multiplies them is in tiles.ts.
// After K. Goto, R. van de Geijn, "Anatomy of High-Performance Matrix Multiplication", ACM TOMS 34 (2008).
// A panel of rows holds, for each step in depth, 4 rows' numbers; a panel of columns 8 columns'. Depth is even: zeros
// fill up.

/** How many rows are packed at once: with a depth of 512, 128 kB. */
export const blockRows: i32 = 64;
/** How far a block goes in depth at most. */
export const blockDepth: i32 = 512;

export function even(depth: i32): i32 {
  return (depth + 1) & ~1;
}

/** Four columns of four numbers out of four rows. */
function turn(to: usize, toStep: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const ef = v128.shuffle<i32>(a, b, 2, 6, 3, 7), gh = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
  v128.store(to + toStep, v128.shuffle<i64>(ab, cd, 1, 3));
  v128.store(to + 2 * toStep, v128.shuffle<i64>(ef, gh, 0, 2));
  v128.store(to + 3 * toStep, v128.shuffle<i64>(ef, gh, 1, 3));
}

/** Packs four rows, each contiguous in depth, side by side; `toStep` bytes from one depth to the next. */
export function packFour(to: usize, toStep: usize, a: usize, b: usize, c: usize, d: usize, depth: i32): void {
  let k = 0;
  for (; k + 3 < depth; k += 4) {
    turn(to, toStep, v128.load(a), v128.load(b), v128.load(c), v128.load(d));
    to += 4 * toStep;
    a += 16;
    b += 16;
    c += 16;
    d += 16;
  }
  for (; k < depth; k++) {
    store<f32>(to, load<f32>(a));
    store<f32>(to, load<f32>(b), 4);
    store<f32>(to, load<f32>(c), 8);
    store<f32>(to, load<f32>(d), 12);
    to += toStep;
    a += 4;
    b += 4;
    c += 4;
    d += 4;
  }
}

/** Packs up to four lanes, `laneStep` bytes apart; lanes that are missing are zeros. */
function packLanes(
  to: usize,
  toStep: usize,
  from: usize,
  laneStep: usize,
  depthStep: usize,
  lanes: i32,
  depth: i32,
): void {
  if (lanes >= 4 && depthStep == 4) {
    packFour(to, toStep, from, from + laneStep, from + 2 * laneStep, from + 3 * laneStep, depth);
    return;
  }
  for (let k = 0; k < depth; k++, to += toStep, from += depthStep) {
    if (lanes >= 4 && laneStep == 4) v128.store(to, v128.load(from));
    else {
      v128.store(to, f32x4.splat(0));
      for (let lane = 0, place = from; lane < min(lanes, 4); lane++, place += laneStep) {
        store<f32>(to + (<usize> lane << 2), load<f32>(place));
      }
    }
  }
}

/** Packs rows into panels of four. Steps are in bytes. */
export function packRows(to: usize, from: usize, rowStep: usize, depthStep: usize, rows: i32, depth: i32): void {
  const panel = <usize> even(depth) << 4;
  for (let i = 0; i < rows; i += 4) {
    packLanes(to, 16, from, rowStep, depthStep, rows - i, depth);
    if (depth & 1) v128.store(to + panel - 16, f32x4.splat(0));
    to += panel;
    from += 4 * rowStep;
  }
}

/** Packs columns into panels of eight, each `panel` bytes long. Steps are in bytes. */
export function packColumns(
  to: usize,
  panel: usize,
  from: usize,
  depthStep: usize,
  columnStep: usize,
  columns: i32,
  depth: i32,
): void {
  for (let j = 0; j < columns; j += 8) {
    packLanes(to, 32, from, columnStep, depthStep, columns - j, depth);
    packLanes(to + 16, 32, from + 4 * columnStep, columnStep, depthStep, columns - j - 4, depth);
    to += panel;
    from += 8 * columnStep;
  }
}

/** Fills up panels of columns whose depth is odd: a row of zeros at their end. */
export function evenColumns(to: usize, panel: usize, columns: i32, depth: i32): void {
  if ((depth & 1) == 0) return;
  for (let j = 0; j < columns; j += 8, to += panel) {
    v128.store(to + panel - 32, f32x4.splat(0));
    v128.store(to + panel - 16, f32x4.splat(0));
  }
}
