// @ts-nocheck: AssemblyScript
// Convolution with stride 1 by kernels of 3 to 5 numbers a side, with fewer multiplications: tiles of 6 x 6 pixels and
// the kernel are transformed, multiplied at each of 36 positions for all channels at once, and the sums transformed
// back to as many outputs as the tile has; likewise the kernel's gradient. See winograd_lines.ts.
import { multiplyPanels, multiplyRows } from "./tiles.ts";
import { filterGradientLine } from "./winograd_lines.ts";
import {
  bytes,
  channels,
  columns,
  eights,
  field,
  line,
  positionBytes,
  putOutput,
  tall,
  tileBytes,
  tiles,
  tilesAtOnce,
  transformFilter,
  transformGradient,
  transformInput,
  vector,
  wide,
} from "./winograd_tiles.ts";

/** Bytes of scratch that {@linkcode winograd} and {@linkcode winogradGradient} take. */
export function winogradScratch(plan: usize): usize {
  const deep = field(plan, channels), all = eights(field(plan, columns)), atOnce = field(plan, tilesAtOnce);
  return 128 + 2 * tileBytes + bytes(36 * max(deep, all)) + 36 * positionBytes(deep * all + atOnce * (deep + all) + 32);
}

/** The convolution that the plan tells, with a bias (or 0) and an activation. The steps of the weights are in numbers. */
export function winograd(
  plan: usize,
  weights: usize,
  lineStep: i32,
  tapStep: i32,
  depthStep: i32,
  columnStep: i32,
  to: usize,
  bias: usize,
  activation: i32,
  alpha: f32,
  scratch: usize,
): void {
  const deep = field(plan, channels), all = eights(field(plan, columns)), atOnce = field(plan, tilesAtOnce);
  const copy = scratch + 2 * tileBytes, kernels = copy + bytes(36 * max(deep, all));
  const inputs = kernels + 36 * positionBytes(deep * all), sums = inputs + 36 * positionBytes(atOnce * deep);
  const inputStep = positionBytes(atOnce * deep), sumStep = positionBytes(atOnce * all);
  transformFilter(
    plan,
    weights,
    bytes(lineStep),
    bytes(tapStep),
    bytes(depthStep),
    bytes(columnStep),
    kernels,
    scratch,
  );
  for (let first = 0, count = tiles(plan); first < count; first += atOnce) {
    const many = min(atOnce, count - first);
    for (let t = 0; t < many; t++) {
      transformInput(plan, first + t, inputs + bytes(t * deep), inputStep, vector, scratch, copy);
    }
    for (let p: usize = 0; p < 36; p++) {
      const kernel = kernels + p * positionBytes(deep * all);
      multiplyRows(
        (many + 3) & ~3,
        all,
        deep,
        inputs + p * inputStep,
        bytes(deep),
        kernel,
        sums + p * sumStep,
        bytes(all),
      );
    }
    for (let t = 0; t < many; t++) {
      putOutput(plan, first + t, sums + bytes(t * all), sumStep, to, bias, activation, alpha, scratch, copy);
    }
  }
}

/** The kernel's gradient, [tall, wide, channels, columns] at `to`, by that of the outputs. */
export function winogradGradient(plan: usize, dy: usize, to: usize, scratch: usize): void {
  const deep = field(plan, channels), all = eights(field(plan, columns)), atOnce = field(plan, tilesAtOnce);
  const copy = scratch + 2 * tileBytes, sums = copy + bytes(36 * max(deep, all));
  const inputs = sums + 36 * positionBytes(deep * all), outputs = inputs + 36 * positionBytes(atOnce * deep);
  const inputStep = positionBytes(atOnce * deep),
    outputStep = positionBytes(atOnce * all),
    group = <usize> atOnce * vector;
  for (let first = 0, count = tiles(plan); first < count; first += atOnce) {
    const many = min(atOnce, count - first);
    if (many < atOnce || first == 0) memory.fill(inputs, 0, 36 * (inputStep + outputStep));
    for (let t = 0; t < many; t++) {
      transformInput(plan, first + t, inputs + <usize> t * vector, inputStep, group, scratch, copy);
      transformGradient(plan, first + t, dy, outputs + <usize> t * 2 * vector, outputStep, scratch, copy);
    }
    for (let p: usize = 0; p < 36; p++) {
      const place = sums + p * positionBytes(deep * all);
      multiplyPanels(
        deep,
        all,
        atOnce,
        inputs + p * inputStep,
        outputs + p * outputStep,
        place,
        bytes(all),
        first > 0,
        scratch,
      );
    }
  }
  const rows = field(plan, tall), across = field(plan, wide), tap = bytes(deep * field(plan, columns));
  for (let c = 0; c < deep; c++) {
    for (let o = 0; o < field(plan, columns); o += 4) {
      const from = sums + bytes(c * all + o),
        step = positionBytes(deep * all),
        place = to + bytes(c * field(plan, columns) + o);
      for (let j: usize = 0; j < 6; j++) {
        filterGradientLine(from + j * step, 6 * step, scratch + j * vector, line, rows);
      }
      for (let i: usize = 0; i < <usize> rows; i++) {
        filterGradientLine(scratch + i * line, vector, place + i * <usize> across * tap, tap, across);
      }
    }
  }
}
