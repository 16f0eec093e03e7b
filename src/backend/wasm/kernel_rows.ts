import type { ConvolutionPlan } from "./convolution_plan.ts";
import type { Machine } from "./kernel.ts";
import type { Axis } from "./window.ts";

type Images = Pick<ConvolutionPlan, "x" | "shape" | "run" | "taps">;

/** A convolution's images and its kernel. */
interface Kernel {
  /** Where the images lie. */
  readonly x: number;
  readonly shape: ConvolutionPlan["shape"];
  readonly axes: readonly [Axis, Axis];
  /** Where the kernel lies, if it is needed. */
  readonly weights: number;
  readonly columns: number;
}

/**
 * What the kernel looks at: with a tap for each of its places, or, for channels that fill no vectors, for each of its
 * rows, in a copy of the images with zeros around, so that no row reaches over an edge.
 */
export function withTaps(
  { heap, native }: Machine,
  { x, shape, axes, weights, columns }: Kernel,
  work: (images: Images) => void,
): void {
  const [images, height, width, channels] = shape, [down, right] = axes, tap = 4 * channels * columns;
  if (channels % 4 === 0 || right.dilation > 1 || right.taps === 1 || images === 0) {
    const taps = tapsOf(axes).map(([h, w], i) => [h, w, weights + i * tap] as const);
    return work({ x, shape, taps });
  }
  const [below, after] = axes.map(behind) as [number, number];
  const tall = down.before + height + below, wide = right.before + width + after;
  heap.scratch(4 * images * tall * wide * channels + 16, (copy) => {
    const sides = [down.before, below, right.before, after] as const;
    native.padImages!(x, copy, images, height, width, channels, ...sides);
    const rows = Array.from(
      { length: down.taps },
      (_, i) => [i * down.dilation, 0, weights + i * right.taps * tap] as const,
    );
    work({ x: copy, shape: [images, tall, wide, channels], run: right.taps * channels, taps: rows });
  });
}

/** How far the window reaches behind an axis. */
function behind({ length, places, taps, stride, dilation, before }: Axis): number {
  return Math.max(0, (places - 1) * stride + (taps - 1) * dilation + 1 - before - length);
}

/** Where the kernel's places look from where the window begins: row by row. */
function tapsOf([down, right]: readonly [Axis, Axis]): [down: number, right: number][] {
  const places = ({ taps, dilation, before }: Axis) => Array.from({ length: taps }, (_, i) => i * dilation - before);
  return places(down).flatMap((h) => places(right).map((w): [number, number] => [h, w]));
}
