import type { Heap } from "./heap.ts";

/** How a window slides over one axis. */
export interface Axis {
  /** How many numbers long the axis is. */
  readonly length: number;
  /** How many places the window takes. */
  readonly places: number;
  /** How many numbers the window takes in at once. */
  readonly taps: number;
  readonly stride: number;
  /** How far apart its taps are; 1 when side by side. */
  readonly dilation: number;
  /** How far before the axis its first place begins. */
  readonly before: number;
}

type PerAxis = number | readonly number[];

/** What tfjs says of a window: of a convolution or of pooling. */
export interface WindowOptions {
  readonly strides: PerAxis;
  readonly dilations?: PerAxis | null;
  /** `same`, `valid`, so many on every side, or pairs for every dimension of the tensor. */
  readonly pad: "same" | "valid" | number | readonly (readonly number[])[];
  readonly dimRoundingMode?: "floor" | "round" | "ceil" | null;
}

/**
 * How a window slides over the axes between the batch's and the channels', which are last.
 *
 * `same` and `valid` as TensorFlow has them: https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2.
 *
 * @param lengths of each of those axes
 * @param taps of the window on each
 */
export function windowAxes(lengths: readonly number[], taps: readonly number[], options: WindowOptions): Axis[] {
  return lengths.map((length, axis) => {
    const stride = of(options.strides, axis), dilation = of(options.dilations ?? 1, axis);
    const reach = (taps[axis]! - 1) * dilation + 1;
    const [before, after] = padding(options.pad, axis, length, reach, stride);
    const room = (length + before + after - reach) / stride + 1;
    const places = options.pad === "same" ? Math.ceil(length / stride) : rounded(room, options.dimRoundingMode);
    return { length, places: Math.max(0, places), taps: taps[axis]!, stride, dilation, before };
  });
}

/** The number of an axis, where one number may stand for all. */
export function of(numbers: PerAxis, axis: number): number {
  return typeof numbers === "number" ? numbers : numbers.length === 1 ? numbers[0]! : numbers[axis]!;
}

function padding(
  pad: WindowOptions["pad"],
  axis: number,
  length: number,
  reach: number,
  stride: number,
): [before: number, after: number] {
  if (pad === "valid") return [0, 0];
  if (typeof pad === "number") return [pad, pad];
  if (pad !== "same") return [pad[axis + 1]![0]!, pad[axis + 1]![1]!];
  const all = Math.max(0, (Math.ceil(length / stride) - 1) * stride + reach - length);
  return [Math.floor(all / 2), Math.ceil(all / 2)];
}

function rounded(room: number, mode: WindowOptions["dimRoundingMode"]): number {
  return mode === "ceil" ? Math.ceil(room) : mode === "round" ? Math.round(room) : Math.floor(room);
}

/** An axis over which nothing slides. */
const still: Axis = { length: 1, places: 1, taps: 1, stride: 1, dilation: 1, before: 0 };

/**
 * Describes a window to our kernels for as long as some work takes: see `assembly/window.ts`.
 *
 * @param axes one to three
 */
export function withWindow<T>(
  heap: Heap,
  channels: number,
  axes: readonly Axis[],
  work: (window: number) => T,
): T {
  const three = [...Array<Axis>(3 - axes.length).fill(still), ...axes];
  const numbers = three.flatMap(({ length, places, taps, stride, dilation, before }) => [
    length,
    places,
    taps,
    stride,
    dilation,
    before,
  ]);
  const taps = axes.reduce((product, axis) => product * axis.taps, 1);
  return heap.scratch(80 + 8 * taps, (window) => {
    new Int32Array(heap.memory.buffer, window, 19).set([channels, ...numbers]);
    return work(window);
  });
}
