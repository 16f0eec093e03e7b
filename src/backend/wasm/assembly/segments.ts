// @ts-nocheck: AssemblyScript
// Rows that are picked by whole numbers, and rows that are added where whole numbers say.
import { addRow, copyRow } from "./lanes.ts";

/** y [outer, count, inner] = x [outer, length, inner] at each of the indices; numbers of four bytes. */
export function gatherRows(
  x: usize,
  indices: usize,
  y: usize,
  outer: i32,
  length: i32,
  count: i32,
  inner: i32,
): void {
  const row = <usize> inner << 2;
  for (let o = 0; o < outer; o++, x += row * length) {
    for (let i = 0; i < count; i++, y += row) copyRow(y, x + row * load<i32>(indices + (<usize> i << 2)), inner);
  }
}

/** y [segments, inner] = the sum of all rows of x [count, inner] that go to each; those below 0 go nowhere. */
export function sumSegments(x: usize, ids: usize, y: usize, count: i32, segments: i32, inner: i32): void {
  const row = <usize> inner << 2;
  memory.fill(y, 0, row * segments);
  for (let i = 0; i < count; i++, x += row) {
    const id = load<i32>(ids + (<usize> i << 2));
    if (id >= 0 && id < segments) addRow(y + row * id, x, inner);
  }
}
