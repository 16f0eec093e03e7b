// @ts-nocheck: AssemblyScript
// Winograd's transforms of whole tiles. See winograd.ts.
import { activate } from "./activation.ts";
import { filterLine, inputLine, outputGradientLine, outputLine } from "./winograd_lines.ts";

/** A vector of four numbers, and a tile of them. */
export const vector: usize = 16, line: usize = 96, tileBytes: usize = 576;

// A plan: numbers of four bytes in this order. The images x are [images, height, width, channels], the outputs [images,
// gridHeight, gridWidth, columns]; the first output's kernel begins so far above and left of the first pixel. The
// kernel has tall x wide places; tiles are multiplied so many at once, a multiple of four. See ../winograd.ts.
export function field(plan: usize, i: usize): i32 {
  return load<i32>(plan + (i << 2));
}
export const X: usize = 0, images: usize = 1, height: usize = 2, width: usize = 3, channels: usize = 4;
export const gridHeight: usize = 5, gridWidth: usize = 6, above: usize = 7, left: usize = 8;
export const tall: usize = 9, wide: usize = 10, columns: usize = 11, tilesAtOnce: usize = 12;

/** How many outputs a tile has down; right. */
export function rowsOut(plan: usize): i32 {
  return 7 - field(plan, tall);
}
export function columnsOut(plan: usize): i32 {
  return 7 - field(plan, wide);
}
export function tilesRight(plan: usize): i32 {
  return (field(plan, gridWidth) + columnsOut(plan) - 1) / columnsOut(plan);
}
export function tilesDown(plan: usize): i32 {
  return (field(plan, gridHeight) + rowsOut(plan) - 1) / rowsOut(plan);
}
export function tiles(plan: usize): i32 {
  return field(plan, images) * tilesDown(plan) * tilesRight(plan);
}
export function bytes(count: i32): usize {
  return <usize> count << 2;
}
/**
 * How far it is from one position's numbers to the next's: a line of the cache more than they take, for powers of two
 * would all fall into the same few places of the cache.
 */
export function positionBytes(count: i32): usize {
  return bytes(count) + 64;
}
export function eights(count: i32): i32 {
  return (count + 7) & ~7;
}

/**
 * Where a window of an image [height, width, channels] begins; where it reaches over the edge, a copy with zeros around,
 * made at `copy`, of which a line has `across` pixels.
 */
function window(
  image: usize,
  height: i32,
  width: i32,
  channels: i32,
  top: i32,
  left: i32,
  down: i32,
  across: i32,
  copy: usize,
): usize {
  if (top >= 0 && left >= 0 && top + down <= height && left + across <= width) {
    return image + bytes((top * width + left) * channels);
  }
  memory.fill(copy, 0, bytes(down * across * channels));
  const first = max(0, -left), count = min(width - left, across) - first;
  if (count <= 0) return copy;
  for (let i = max(0, -top); i < min(down, height - top); i++) {
    const from = image + bytes(((top + i) * width + left + first) * channels);
    memory.copy(copy + bytes((i * across + first) * channels), from, bytes(count * channels));
  }
  return copy;
}

/** Transforms a tile of input pixels; position p of channel c goes to `to + p positionStep + c/4 groupStep`. */
export function transformInput(
  plan: usize,
  tile: i32,
  to: usize,
  positionStep: usize,
  groupStep: usize,
  scratch: usize,
  copy: usize,
): void {
  const across = tilesRight(plan), deep = field(plan, channels), lines = tile / across;
  const top = lines % tilesDown(plan) * rowsOut(plan) - field(plan, above);
  const start = tile % across * columnsOut(plan) - field(plan, left);
  const h = field(plan, height), w = field(plan, width), image = lines / tilesDown(plan);
  let from = window(<usize> field(plan, X) + bytes(image * h * w * deep), h, w, deep, top, start, 6, 6, copy);
  const lineStep = from == copy ? bytes(6 * deep) : bytes(w * deep), pixelStep = bytes(deep);
  for (let c = 0; c < deep; c += 4, from += vector, to += groupStep) {
    for (let j: usize = 0; j < 6; j++) inputLine(from + j * pixelStep, lineStep, scratch + j * vector, line);
    for (let i: usize = 0; i < 6; i++) inputLine(scratch + i * line, vector, to + 6 * i * positionStep, positionStep);
  }
}

/** Transforms a kernel into packed columns, for each position. Steps are in bytes, and may go backwards. */
export function transformFilter(
  plan: usize,
  weights: usize,
  lineStep: usize,
  tapStep: usize,
  depthStep: usize,
  columnStep: usize,
  to: usize,
  scratch: usize,
): void {
  const deep = field(plan, channels), all = field(plan, columns), rows = field(plan, tall), across = field(plan, wide);
  const positionStep = positionBytes(deep * eights(all)), taps = scratch + tileBytes;
  if ((all & 7) != 0) memory.fill(to, 0, 36 * positionStep);
  for (let o = 0; o < all; o += 4) {
    for (let c = 0; c < deep; c++) {
      const from = weights + <usize> c * depthStep + <usize> o * columnStep;
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < across; j++) {
          let at = from + <usize> i * lineStep + <usize> j * tapStep,
            place = taps + <usize> i * line + <usize> j * vector;
          for (let lane = 0; lane < 4; lane++, at += columnStep, place += 4) store<f32>(place, load<f32>(at));
        }
      }
      for (let j: usize = 0; j < <usize> across; j++) {
        filterLine(taps + j * vector, line, scratch + j * vector, line, rows);
      }
      const place = to + bytes((o >> 3) * deep * 8 + c * 8 + (o & 4));
      for (let i: usize = 0; i < 6; i++) {
        filterLine(scratch + i * line, vector, place + 6 * i * positionStep, positionStep, across);
      }
    }
  }
}

/** Transforms a tile's sums back and puts what lies within the output there. */
export function putOutput(
  plan: usize,
  tile: i32,
  from: usize,
  positionStep: usize,
  to: usize,
  bias: usize,
  activation: i32,
  alpha: f32,
  scratch: usize,
  copy: usize,
): void {
  const rows = rowsOut(plan), across = columnsOut(plan), all = field(plan, columns), pixel = bytes(all);
  for (let o = 0, place = copy; o < all; o += 4, from += vector, place += vector) {
    for (let j: usize = 0; j < 6; j++) {
      outputLine(from + j * positionStep, 6 * positionStep, scratch + j * vector, line, rows);
    }
    for (let i: usize = 0; i < <usize> rows; i++) {
      outputLine(scratch + i * line, vector, place + i * <usize> across * pixel, pixel, across);
    }
  }
  const lines = tile / tilesRight(plan), j = tile % tilesRight(plan) * across, i = lines % tilesDown(plan) * rows;
  const h = field(plan, gridHeight), w = field(plan, gridWidth), many = min(across, w - j);
  for (let row = 0; row < min(rows, h - i); row++) {
    const place = to + bytes(((lines / tilesDown(plan) * h + i + row) * w + j) * all);
    memory.copy(place, copy + <usize> (row * across) * pixel, <usize> many * pixel);
    activate(place, many, all, pixel, bias, activation, alpha);
  }
}

/** Transforms a tile of the outputs' gradient into packed columns. */
export function transformGradient(
  plan: usize,
  tile: i32,
  dy: usize,
  to: usize,
  positionStep: usize,
  scratch: usize,
  copy: usize,
): void {
  const rows = rowsOut(plan), across = columnsOut(plan), all = field(plan, columns), lines = tile / tilesRight(plan);
  const h = field(plan, gridHeight), w = field(plan, gridWidth), i = lines % tilesDown(plan) * rows;
  const image = dy + bytes(lines / tilesDown(plan) * h * w * all), j = tile % tilesRight(plan) * across;
  let from = window(image, h, w, all, i, j, rows, across, copy);
  const lineStep = bytes((from == copy ? across : w) * all), pixel = bytes(all);
  for (let o = 0; o < all; o += 4, from += vector) {
    const place = to + bytes((o >> 3) * field(plan, tilesAtOnce) * 8 + (o & 4));
    for (let j: usize = 0; j < <usize> across; j++) {
      outputGradientLine(from + j * pixel, lineStep, scratch + j * vector, line, rows);
    }
    for (let i: usize = 0; i < 6; i++) {
      outputGradientLine(scratch + i * line, vector, place + 6 * i * positionStep, positionStep, across);
    }
  }
}
