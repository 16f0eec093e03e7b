// @ts-nocheck: AssemblyScript
// Copies between tensors whose numbers, of four bytes, lie in different order.
import { copyRow } from "./lanes.ts";

/**
 * y = x, along `rank` axes, two at least. `plan` has for each, the outermost first, three i32: how long it is, and how
 * many numbers it is from one step to the next in x and in y.
 */
export function copyStrided(x: usize, y: usize, plan: usize, rank: i32): void {
  const length = load<i32>(plan), xStep = load<i32>(plan, 4) << 2, yStep = load<i32>(plan, 8) << 2;
  if (rank == 2) {
    plane(x, y, length, xStep, yStep, load<i32>(plan, 12), load<i32>(plan, 16) << 2, load<i32>(plan, 20) << 2);
    return;
  }
  for (let i = 0; i < length; i++, x += xStep, y += yStep) copyStrided(x, y, plan + 12, rank - 1);
}

/** Two axes; steps are in bytes. */
function plane(x: usize, y: usize, rows: i32, xRow: i32, yRow: i32, columns: i32, xColumn: i32, yColumn: i32): void {
  if (xColumn == 4 && yColumn == 4) {
    for (let r = 0; r < rows; r++, x += xRow, y += yRow) copyRow(y, x, columns);
  } else if (xRow == 4 && yColumn == 4) turn(x, y, rows, columns, xColumn, yRow);
  else {
    for (let r = 0; r < rows; r++, x += xRow, y += yRow) {
      let from = x, to = y;
      for (let c = 0; c < columns; c++, from += xColumn, to += yColumn) store<i32>(to, load<i32>(from));
    }
  }
}

/** Rows become columns: a cache's line of x at a time, in squares of four by four. */
function turn(x: usize, y: usize, rows: i32, columns: i32, xStep: i32, yStep: i32): void {
  const wide = columns & ~3;
  for (let top = 0; top < rows; top += 16) {
    const bottom = min(rows, top + 16);
    for (let c = 0; c < wide; c += 4) {
      let r = top, from = x + xStep * c + (top << 2), to = y + yStep * top + (c << 2);
      for (; r + 3 < bottom; r += 4, from += 16, to += yStep << 2) turnSquare(from, to, xStep, yStep);
      for (; r < bottom; r++, from += 4, to += yStep) {
        store<f32>(to, load<f32>(from));
        store<f32>(to, load<f32>(from + xStep), 4);
        store<f32>(to, load<f32>(from + xStep * 2), 8);
        store<f32>(to, load<f32>(from + xStep * 3), 12);
      }
    }
    for (let c = wide; c < columns; c++) {
      let from = x + xStep * c + (top << 2), to = y + yStep * top + (c << 2);
      for (let r = top; r < bottom; r++, from += 4, to += yStep) store<f32>(to, load<f32>(from));
    }
  }
}

function turnSquare(x: usize, y: usize, xStep: i32, yStep: i32): void {
  const a = v128.load(x), b = v128.load(x + xStep), c = v128.load(x + xStep * 2), d = v128.load(x + xStep * 3);
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
  const lowAb = v128.shuffle<f32>(a, b, 2, 6, 3, 7), lowCd = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(y, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5));
  v128.store(y + yStep, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
  v128.store(y + yStep * 2, v128.shuffle<f32>(lowAb, lowCd, 0, 1, 4, 5));
  v128.store(y + yStep * 3, v128.shuffle<f32>(lowAb, lowCd, 2, 3, 6, 7));
}
