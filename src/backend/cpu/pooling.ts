import type { TensorInfo, TypedArray } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import { type CpuCall, type CpuKernel, valuesOf } from "./kernel.ts";

/** A side of what is pooled, and how the window moves along it. */
interface Axis {
  readonly length: number;
  readonly places: number;
  readonly size: number;
  readonly stride: number;
  readonly rate: number;
  readonly before: number;
}
/** What happens to one channel in one window: the places of its numbers, that of the output's, and their channel. */
type Visit = (inside: Int32Array, out: number) => void;

/** tfjs pads by less than nothing where a stride is longer than the window in three dimensions. */
function axesOf(tf: TF, shape: number[], { filterSize, strides, pad, dimRoundingMode }: CpuCall["attrs"]): Axis[] {
  const { computePool2DInfo, computePool3DInfo } = tf.backend_util;
  if (shape.length === 4) {
    const found = computePool2DInfo(
      shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const { top, left } = found.padInfo;
    return [
      axis(found.inHeight, found.outHeight, found.filterHeight, found.strideHeight, found.dilationHeight, top),
      axis(found.inWidth, found.outWidth, found.filterWidth, found.strideWidth, found.dilationWidth, left),
    ];
  }
  const volume = shape as [number, number, number, number, number];
  const found = computePool3DInfo(volume, filterSize, strides, 1, pad, dimRoundingMode);
  const { front, top, left } = found.padInfo;
  return [
    axis(found.inDepth, found.outDepth, found.filterDepth, found.strideDepth, found.dilationDepth, front),
    axis(found.inHeight, found.outHeight, found.filterHeight, found.strideHeight, found.dilationHeight, top),
    axis(found.inWidth, found.outWidth, found.filterWidth, found.strideWidth, found.dilationWidth, left),
  ];
}

const axis = (length: number, places: number, size: number, stride: number, rate: number, before: number): Axis => ({
  length,
  places,
  size,
  stride,
  rate,
  before: Math.max(0, before),
});

/** The places inside the image of each window, counted over all sides. */
function windowsOf(axes: readonly Axis[]): number[][] {
  let windows: number[][] = [[0]];
  for (const { length, places, size, stride, rate, before } of axes) {
    windows = windows.flatMap((window) =>
      Array.from({ length: places }, (_, place) => {
        const own = Array.from({ length: size }, (_, tap) => place * stride - before + tap * rate);
        const inside = own.filter((at) => at >= 0 && at < length);
        return window.flatMap((outer) => inside.map((at) => outer * length + at));
      })
    );
  }
  return windows;
}

/** Visits every channel of every window, in order. */
function eachWindow(shape: readonly number[], axes: readonly Axis[], visit: Visit): void {
  const channels = shape.at(-1)!, image = axes.reduce((size, { length }) => size * length, channels);
  const windows = windowsOf(axes).map((window) => Int32Array.from(window));
  let out = 0;
  for (let item = 0; item < shape[0]!; item++) {
    for (const window of windows) {
      for (let channel = 0; channel < channels; channel++) {
        visit(window.map((at) => item * image + at * channels + channel), out++);
      }
    }
  }
}

const forward = (reduce: (x: TypedArray, inside: Int32Array) => number): CpuKernel => (_stock, tf) => (call) => {
  const x = call.inputs.x as TensorInfo, numbers = valuesOf(call, x), axes = axesOf(tf, x.shape, call.attrs);
  const shape = [x.shape[0]!, ...axes.map(({ places }) => places), x.shape.at(-1)!];
  const y = new Float32Array(shape.reduce((size, length) => size * length, 1));
  eachWindow(x.shape, axes, (inside, out) => y[out] = reduce(numbers, inside));
  return call.backend.makeTensorInfo(shape, x.dtype, y);
};

const backward =
  (spread: (x: TypedArray, inside: Int32Array, dy: number, dx: Float32Array) => void): CpuKernel =>
  (_stock, tf) =>
  (call) => {
    const { dy, input } = call.inputs as Record<string, TensorInfo>;
    const [numbers, from] = [valuesOf(call, input!), valuesOf(call, dy!)];
    const dx = new Float32Array(numbers.length);
    const axes = axesOf(tf, input!.shape, call.attrs);
    eachWindow(input!.shape, axes, (inside, out) => spread(numbers, inside, from[out]!, dx));
    return call.backend.makeTensorInfo(input!.shape, "float32", dx);
  };

/** Where the greatest number is, the first of equal ones. */
function greatest(x: TypedArray, inside: Int32Array): number {
  let best = inside[0]!;
  for (const at of inside) if (x[at]! > x[best]!) best = at;
  return best;
}

/** The greatest number of each window. */
export const maxPool: CpuKernel = forward((x, inside) => x[greatest(x, inside)]!);

/** The mean of what lies inside each window. */
export const averagePool: CpuKernel = forward((x, inside) => {
  let sum = 0;
  for (const at of inside) sum += x[at]!;
  return sum / inside.length;
});

/** The greatest number of a window gets its gradient. */
export const maxPoolGradient: CpuKernel = backward((x, inside, dy, dx) => dx[greatest(x, inside)]! += dy);

/** All inside a window get an equal share; tfjs's own counts what lies outside too. */
export const averagePoolGradient: CpuKernel = backward((_x, inside, dy, dx) => {
  for (const at of inside) dx[at]! += dy / inside.length;
});
