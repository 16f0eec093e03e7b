// @ts-nocheck: AssemblyScript
// What a convolution over three axes does beside its product of matrices: a row of "columns" holds all numbers that the
// window takes in at one place, [taps, channels].
import { addRow, copyRow } from "./lanes.ts";
import { channels, listTaps, numberOf, places, start, stepOf, tapAt, tapList, taps } from "./window.ts";

/** columns = what the window takes in at the places `from` to `to`, of one sample; noughts from outside. */
export function gatherTaps(x: usize, columns: usize, from: i32, to: i32, window: usize): void {
  walk(x, columns, from, to, window, false);
}

/** dx += the columns, each number where it came from. */
export function scatterTaps(columns: usize, dx: usize, from: i32, to: i32, window: usize): void {
  walk(dx, columns, from, to, window, true);
}

function walk(x: usize, columns: usize, from: i32, to: i32, window: usize, back: bool): void {
  const ways = channels(window), list = tapList(window), each = stepOf(window, 2);
  const all = taps(window, 0) * taps(window, 1) * taps(window, 2), row = each * all;
  const wide = places(window, 2), plane = places(window, 1) * wide;
  for (let place = from; place < to; place++, columns += row) {
    const front = start(window, 0, place / plane), top = start(window, 1, place % plane / wide);
    const left = start(window, 2, place % wide);
    const first = x + stepOf(window, 0) * front + stepOf(window, 1) * top + each * left;
    const count = listTaps(window, front, top, left);
    if (!back && count < all) memory.fill(columns, 0, row);
    for (let t = 0; t < count; t++) {
      const tap = tapAt(first, list, t), column = columns + each * numberOf(list, t);
      if (back) addRow(tap, column, ways);
      else copyRow(column, tap, ways);
    }
  }
}

/** to += from, n numbers. */
export function addNumbers(to: usize, from: usize, n: i32): void {
  addRow(to, from, n);
}

/** to = noughts, n numbers. */
export function clearNumbers(to: usize, n: i32): void {
  memory.fill(to, 0, <usize> n << 2);
}
