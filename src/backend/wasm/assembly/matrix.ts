// @ts-nocheck: AssemblyScript
// Products of matrices. A pointer is a byte's place in the memory of tfjs's wasm backend; a step is counted in numbers.
import { activate } from "./activation.ts";
import { blockDepth, blockRows, even, evenColumns, packColumns, packRows } from "./panels.ts";
import { multiplyPanels } from "./tiles.ts";

/** Columns that are packed at once. */
const blockColumns: i32 = 512;

/** Bytes of scratch that {@linkcode gemm} takes. */
export function gemmScratch(columns: i32, depth: i32): usize {
  const wide = <usize> ((min(columns, blockColumns) + 7) & ~7);
  const blocks = <usize> ((depth + blockDepth - 1) / blockDepth);
  return 128 + ((<usize> blockRows * <usize> even(min(depth, blockDepth)) + wide * (<usize> depth + blocks)) << 2);
}

/**
 * `to = activation(a b + bias)`, the bias (or 0) the same for every row. `a` is rows x depth, `b` depth x columns, both
 * with any steps, so that either may be transposed; a row of `to` is contiguous, `toStep` from one to the next.
 */
export function gemm(
  rows: i32,
  columns: i32,
  depth: i32,
  a: usize,
  aRow: i32,
  aDepth: i32,
  b: usize,
  bDepth: i32,
  bColumn: i32,
  to: usize,
  toStep: i32,
  bias: usize,
  activation: i32,
  alpha: f32,
  scratch: usize,
): void {
  for (let j = 0; j < columns; j += blockColumns) {
    const wide = min(blockColumns, columns - j);
    const packed = packBlocks(scratch + 128, b + bytes(j, bColumn), bDepth, bColumn, wide, depth);
    for (let i = 0; i < rows; i += blockRows) {
      const tall = min(blockRows, rows - i), place = to + bytes(i, toStep) + bytes(j, 1);
      let panels = scratch + 128;
      if (depth == 0) clear(place, tall, wide, bytes(1, toStep));
      for (let k = 0; k < depth; k += blockDepth) {
        const deep = min(blockDepth, depth - k);
        packRows(packed, a + bytes(i, aRow) + bytes(k, aDepth), bytes(1, aRow), bytes(1, aDepth), tall, deep);
        multiplyPanels(tall, wide, even(deep), packed, panels, place, bytes(1, toStep), k > 0, scratch);
        panels += bytes(even(deep), (wide + 7) & ~7);
      }
      activate(place, tall, wide, bytes(1, toStep), bias == 0 ? 0 : bias + bytes(j, 1), activation, alpha);
    }
  }
}

/** A product of nothing. */
function clear(to: usize, rows: i32, columns: i32, step: usize): void {
  for (let i = 0; i < rows; i++, to += step) memory.fill(to, 0, bytes(columns, 1));
}

/** Packs columns, one block of depth after the other. Gives where the next byte is free. */
function packBlocks(to: usize, b: usize, bDepth: i32, bColumn: i32, columns: i32, depth: i32): usize {
  for (let k = 0; k < depth; k += blockDepth) {
    const deep = min(blockDepth, depth - k);
    const panel = <usize> even(deep) << 5;
    packColumns(to, panel, b + bytes(k, bDepth), bytes(1, bDepth), bytes(1, bColumn), columns, deep);
    evenColumns(to, panel, columns, deep);
    to += bytes(even(deep), (columns + 7) & ~7);
  }
  return to;
}

function bytes(count: i32, step: i32): usize {
  return (<usize> count * <usize> step) << 2;
}
