// @ts-nocheck: AssemblyScript
// Convolutions as products of matrices whose rows, the patches of the images under the kernel, are never written out
// as a whole: a block of them is packed from the images just before it is multiplied.
import { activate } from "./activation.ts";
import {
  channels,
  down,
  gridHeight,
  gridWidth,
  height,
  pixel,
  points,
  right,
  stepDown,
  stepRight,
  taps,
  weights,
  width,
  x,
} from "./convolution_plan.ts";
import { blockDepth, blockRows, even, evenColumns, packColumns, packFour } from "./panels.ts";
import { multiplyPanels } from "./tiles.ts";

/** How many pixels are summed at once in the gradient of a kernel. */
const blockPixels: i32 = 256;

/** How many taps are multiplied at once. */
function tapsAtOnce(plan: usize): i32 {
  const blocks = max(1, (taps(plan) * channels(plan) + blockDepth - 1) / blockDepth);
  return (taps(plan) + blocks - 1) / blocks;
}

/** Bytes that a grid point takes in a list of places: its image's first line, and how far down and right it is. */
const placeSize: usize = 12;

/** Lists the places of grid points from this one on, and of the last one three times more. */
function locate(to: usize, plan: usize, point: i32, count: i32): void {
  const line = point / gridWidth(plan);
  let j = point % gridWidth(plan), i = line % gridHeight(plan), image = line / gridHeight(plan);
  for (let p = 0; p < count + 3; p++, to += placeSize) {
    store<i32>(to, image * height(plan));
    store<i32>(to, i * stepDown(plan), 4);
    store<i32>(to, j * stepRight(plan), 8);
    if (p >= count - 1 || ++j < gridWidth(plan)) continue;
    j = 0;
    if (++i < gridHeight(plan)) continue;
    i = 0;
    image++;
  }
}

/** Where a tap looks from a place; where there is no pixel, `zeros`. */
function look(plan: usize, place: usize, tap: i32, zeros: usize): usize {
  const h = load<i32>(place, 4) + down(plan, tap), w = load<i32>(place, 8) + right(plan, tap);
  if (<u32> h >= <u32> height(plan) || <u32> w >= <u32> width(plan)) return zeros;
  return x(plan) + ((<usize> ((load<i32>(place) + h) * width(plan) + w) * <usize> pixel(plan)) << 2);
}

/** Packs four pixels of one number side by side, as a tap of several such pixels sees them. */
function packContiguous(to: usize, from: usize, depth: i32): void {
  for (let k = 0; k < depth; k++, to += 16, from += 4) v128.store(to, v128.load(from));
}

/** Packs the patches at some places, as far as these taps see them, into panels of four rows. */
function packPatches(to: usize, plan: usize, places: usize, rows: i32, tap: i32, count: i32, zeros: usize): void {
  const deep = channels(plan), step = (<usize> (stepRight(plan) * pixel(plan))) << 2;
  for (let row = 0; row < rows; row += 4, places += 4 * placeSize) {
    const fourth = places + 3 * placeSize;
    const oneLine = load<i32>(fourth, 8) - load<i32>(places, 8) == 3 * stepRight(plan) &&
      load<i32>(fourth, 4) == load<i32>(places, 4);
    for (let t = tap; t < tap + count; t++, to += <usize> deep << 4) {
      const a = look(plan, places, t, zeros), d = look(plan, fourth, t, zeros);
      if (oneLine && a != zeros && d != zeros) {
        if (step == 4) packContiguous(to, a, deep);
        else packFour(to, 16, a, a + step, a + 2 * step, d, deep);
      } else {
        const b = look(plan, places + placeSize, t, zeros), c = look(plan, places + 2 * placeSize, t, zeros);
        packFour(to, 16, a, b, c, d, deep);
      }
    }
    if (count * deep & 1) {
      v128.store(to, f32x4.splat(0));
      to += 16;
    }
  }
}

/** Packs the weights of all taps, as many at once as are multiplied at once. Gives where the next byte is free. */
function packWeights(to: usize, plan: usize, depthStep: usize, columnStep: usize, columns: i32): usize {
  const atOnce = tapsAtOnce(plan), deep = channels(plan);
  for (let tap = 0; tap < taps(plan); tap += atOnce) {
    const count = min(atOnce, taps(plan) - tap), panel = <usize> even(count * deep) << 5;
    for (let t = 0; t < count; t++) {
      const place = to + (<usize> (t * deep) << 5);
      packColumns(place, panel, weights(plan, tap + t), depthStep, columnStep, columns, deep);
    }
    evenColumns(to, panel, columns, count * deep);
    to += panel * <usize> ((columns + 7) >> 3);
  }
  return to;
}

/** Bytes of scratch that {@linkcode convolve} takes. */
export function convolveScratch(plan: usize, columns: i32): usize {
  const depth = <usize> (tapsAtOnce(plan) * channels(plan) + 1), blocks = <usize> taps(plan) + 1;
  const wide = <usize> ((columns + 7) & ~7), all = <usize> (taps(plan) * channels(plan)) + blocks;
  const places = placeSize * (<usize> blockRows + 3);
  return 128 + places + ((<usize> channels(plan) + <usize> blockRows * (depth + <usize> columns) + wide * all) << 2);
}

/**
 * The convolution that the plan tells, with a bias (or 0) and an activation. `to`: where grid point (0, 0) of the first
 * image puts its `columns` numbers; the steps there from image to image, line to line, point to point, and those of the
 * weights, are counted in numbers.
 */
export function convolve(
  plan: usize,
  weightDepthStep: i32,
  weightColumnStep: i32,
  columns: i32,
  to: usize,
  imageStep: i32,
  lineStep: i32,
  pointStep: i32,
  bias: usize,
  activation: i32,
  alpha: f32,
  scratch: usize,
): void {
  const zeros = scratch + 128, deep = channels(plan), all = points(plan), atOnce = tapsAtOnce(plan);
  memory.fill(zeros, 0, <usize> deep << 2);
  const panels = zeros + (<usize> deep << 2), step = <usize> columns << 2;
  const lines = panels + packSize(plan, columns), places = lines + <usize> blockRows * step;
  const patches = places + placeSize * (<usize> blockRows + 3);
  packWeights(panels, plan, <usize> weightDepthStep << 2, <usize> weightColumnStep << 2, columns);
  const contiguous = pointStep == columns && lineStep == gridWidth(plan) * columns &&
    imageStep == gridHeight(plan) * lineStep;
  for (let point = 0; point < all; point += blockRows) {
    const rows = min(blockRows, all - point), place = contiguous ? to + <usize> point * step : lines;
    let weights = panels;
    locate(places, plan, point, rows);
    if (taps(plan) == 0) memory.fill(place, 0, <usize> rows * step);
    for (let tap = 0; tap < taps(plan); tap += atOnce) {
      const count = min(atOnce, taps(plan) - tap), depth = even(count * deep);
      packPatches(patches, plan, places, rows, tap, count, zeros);
      multiplyPanels(rows, columns, depth, patches, weights, place, step, tap > 0, scratch);
      weights += (<usize> depth * <usize> ((columns + 7) & ~7)) << 2;
    }
    activate(place, rows, columns, step, bias, activation, alpha);
    if (!contiguous) spread(plan, lines, point, rows, columns, to, imageStep, lineStep, pointStep);
  }
}

function packSize(plan: usize, columns: i32): usize {
  const wide = <usize> ((columns + 7) & ~7);
  return (wide * (<usize> (taps(plan) * channels(plan)) + <usize> taps(plan) + 1)) << 2;
}

/** Puts rows where their grid points lie. */
function spread(
  plan: usize,
  from: usize,
  point: i32,
  rows: i32,
  columns: i32,
  to: usize,
  imageStep: i32,
  lineStep: i32,
  pointStep: i32,
): void {
  const step = <usize> columns << 2;
  for (const end = point + rows; point < end; point++, from += step) {
    const j = point % gridWidth(plan), line = point / gridWidth(plan);
    const i = line % gridHeight(plan), image = line / gridHeight(plan);
    memory.copy(to + (<usize> (image * imageStep + i * lineStep + j * pointStep) << 2), from, step);
  }
}

/** Bytes of scratch that {@linkcode convolveGradient} takes. */
export function convolveGradientScratch(plan: usize, columns: i32): usize {
  const rows = <usize> ((max(1, blockRows / channels(plan)) * channels(plan) + 3) & ~3);
  const places = placeSize * (<usize> blockPixels + 3), wide = <usize> ((columns + 7) & ~7);
  return 128 + places + ((<usize> channels(plan) + <usize> blockPixels * (rows + wide)) << 2);
}

/** The gradient of the weights, [taps, channels, columns] at `to`, by that of the grid points, [points, columns]. */
export function convolveGradient(plan: usize, dy: usize, columns: i32, to: usize, scratch: usize): void {
  const zeros = scratch + 128, deep = channels(plan), all = points(plan), step = <usize> columns << 2;
  memory.fill(zeros, 0, <usize> deep << 2);
  const panels = zeros + (<usize> deep << 2);
  const places = panels + ((<usize> (blockPixels * ((columns + 7) & ~7))) << 2);
  const pixels = places + placeSize * (<usize> blockPixels + 3);
  const atOnce = pixel(plan) == deep ? max(1, blockRows / deep) : 1;
  if (all == 0) memory.fill(to, 0, <usize> (taps(plan) * deep) * step);
  for (let point = 0; point < all; point += blockPixels) {
    const count = min(blockPixels, all - point), panel = <usize> even(count) << 5;
    packColumns(panels, panel, dy + <usize> point * step, step, 4, columns, count);
    evenColumns(panels, panel, columns, count);
    locate(places, plan, point, count);
    for (let tap = 0; tap < taps(plan); tap += atOnce) {
      const rows = min(atOnce, taps(plan) - tap) * deep, place = to + <usize> (tap * deep) * step;
      packPixels(pixels, plan, places, count, tap, rows / deep, zeros);
      multiplyPanels(rows, columns, even(count), pixels, panels, place, step, point > 0, scratch);
    }
  }
}

/** Packs what taps see from some grid points, into panels of four channels with the grid points in depth. */
function packPixels(to: usize, plan: usize, places: usize, count: i32, tap: i32, taps: i32, zeros: usize): void {
  const deep = channels(plan), panel = <usize> even(count) << 4, rows = taps * deep;
  for (let t = 0; t < taps; t++) {
    for (let p = 0; p < count; p++) {
      const from = look(plan, places + <usize> p * placeSize, tap + t, zeros), place = to + (<usize> p << 4);
      if ((deep & 3) == 0 || pixel(plan) != deep) {
        let at = place + <usize> (t * deep >> 2) * panel;
        for (let c: usize = 0; c < <usize> deep << 2; c += 16, at += panel) v128.store(at, v128.load(from + c));
      } else {
        for (let c = 0, row = t * deep; c < deep; c++, row++) {
          store<f32>(place + <usize> (row >> 2) * panel + (<usize> (row & 3) << 2), load<f32>(from + (<usize> c << 2)));
        }
      }
    }
  }
  if (count & 1) { for (let row = 0; row < rows; row += 4, to += panel) v128.store(to + panel - 16, f32x4.splat(0)); }
}
