import type { TensorInfo } from "@tensorflow/tfjs-core";
import { asFloats } from "./as_floats.ts";
import { withChannelsLast } from "./channels_last.ts";
import { convolve } from "./conv2d.ts";
import { type ConvolutionPlan, multiplicationsOf, someImages, withPlans } from "./convolution_plan.ts";
import { imageParts, sumParts } from "./image_parts.ts";
import type { Call, Family, Machine } from "./kernel.ts";
import { withTaps } from "./kernel_rows.ts";
import { type Axis, windowAxes } from "./window.ts";
import { suitsWinograd, winograd, winogradGradient } from "./winograd.ts";

/** The gradients of convolution in two dimensions. */
export const conv2dGradients: Family = (machine) => ({
  Conv2DBackpropFilter: ({ inputs: { x, dy }, attrs }) => {
    const work = ([x, dy]: TensorInfo[], attrs: Attributes) => filterGradient(machine, x!, dy!, attrs);
    return withChannelsLast(machine, [x, dy], attrs, work, false);
  },
  Conv2DBackpropInput: ({ inputs: { dy, filter }, attrs }) =>
    asFloats(
      machine,
      filter,
      (filter) => withChannelsLast(machine, [dy], attrs, ([dy], attrs) => inputGradient(machine, dy!, filter, attrs)),
    ),
});

type Attributes = Call["attrs"];
type Two = [number, number];
type Four = [number, number, number, number];
type Axes = [Axis, Axis];

const axesOf = (shape: readonly number[], kernel: readonly number[], attrs: Attributes): Axes =>
  windowAxes(shape.slice(1, 3), kernel.slice(0, 2), attrs as never) as Axes;

function filterGradient(machine: Machine, x: TensorInfo, dy: TensorInfo, attrs: Attributes): TensorInfo {
  const { heap } = machine;
  const shape = x.shape as Four, columns = dy.shape[3]!, axes = axesOf(shape, attrs.filterShape, attrs);
  const dw = heap.output(attrs.filterShape);
  if (dw.shape.includes(0)) return dw;
  const [from, to] = [heap.pointer(dy), heap.pointer(dw)];
  const grid = dy.shape.slice(1, 3) as Two, steps = axes.map(({ stride }) => stride) as Two;
  if (suitsWinograd(axes, shape[0], shape[3], columns)) {
    const [before, taps] = [axes.map((axis) => axis.before) as Two, axes.map((axis) => axis.taps) as Two];
    winogradGradient(machine, { x: heap.pointer(x), shape, grid, columns, before, taps }, from, to);
    return dw;
  }
  withTaps(machine, { x: heap.pointer(x), shape, axes, weights: 0, columns }, (images) => {
    convolveGradient(machine, { ...images, grid, steps }, from, columns, to);
  });
  return dw;
}

/** The gradient of a kernel by that of the grid points, [images, height, width, columns]. */
function convolveGradient(machine: Machine, plan: ConvolutionPlan, dy: number, columns: number, to: number): void {
  const { heap, native, together } = machine, { shape, grid, taps, run = shape[3] } = plan;
  const parts = imageParts(shape[0], multiplicationsOf(plan, columns));
  sumParts(machine, parts, to, taps.length * run * columns, (places) => {
    withPlans(heap, parts.map((part) => someImages(plan, part)), (plans) => {
      heap.scratches(plans.map((plan) => native.convolveGradientScratch!(plan, columns)), (scratches) => {
        const from = parts.map(([first]) => dy + 4 * first * grid[0] * grid[1] * columns);
        together("convolveGradient", plans.map((plan, i) => [plan, from[i]!, columns, places[i]!, scratches[i]!]));
      });
    });
  });
}

/**
 * Where the stride is 1, a convolution of dy with the kernel turned. Else the pixels of a residue by the strides see
 * the same places of the kernel: each residue is a convolution by itself.
 */
function inputGradient(machine: Machine, dy: TensorInfo, filter: TensorInfo, attrs: Attributes): TensorInfo {
  const { heap } = machine, [images, height, width, channels] = attrs.inputShape as Four;
  const axes = axesOf(attrs.inputShape, filter.shape, attrs), [down, right] = axes;
  const dx = heap.output(attrs.inputShape), shape = dy.shape as Four, columns = shape[3], x = heap.pointer(dy);
  // Of dy, a convolution whose window begins as far before it as the other's ends behind it.
  const turned = axes.map((axis) => ({ ...axis, places: axis.length, before: axis.taps - 1 - axis.before })) as Axes;
  if (suitsWinograd(turned, images, columns, channels)) {
    const tap = channels * columns, all = down.taps * right.taps;
    const weights = { line: -right.taps * tap, tap: -tap, depth: 1, column: columns };
    const before = turned.map((axis) => axis.before) as Two, taps: Two = [down.taps, right.taps];
    const place = heap.pointer(filter) + 4 * (all - 1) * tap;
    const plan = { x, shape, grid: [height, width], columns: channels, before, taps } as const;
    winograd(machine, plan, { ...weights, place }, heap.pointer(dx));
    return dx;
  }
  const weights = { depthStep: 1, columnStep: columns, columns: channels };
  for (const rows of residuesOf(down)) {
    for (const cols of residuesOf(right)) {
      const grid: Two = [rows.places, cols.places];
      const taps = rows.taps.flatMap(([h, i]) =>
        cols.taps.map(([w, j]) => {
          const tap = i * right.taps + j;
          return [h, w, heap.pointer(filter) + 4 * tap * channels * columns] as const;
        })
      );
      convolve(machine, { x, shape, grid, steps: [1, 1], taps }, weights, {
        place: heap.pointer(dx) + 4 * (rows.first * width + cols.first) * channels,
        image: height * width * channels,
        line: down.stride * width * channels,
        point: right.stride * channels,
      });
    }
  }
  return dx;
}

/** Pixels on an axis that differ by strides. */
interface Residue {
  readonly first: number;
  /** How many there are. */
  readonly places: number;
  /** The kernel's places that see them: how far from a pixel's number, within the residue, dy's is; and which it is. */
  readonly taps: readonly (readonly [from: number, tap: number])[];
}

function residuesOf({ length, taps, stride, dilation, before }: Axis): Residue[] {
  return Array.from({ length: Math.min(stride, length) }, (_, first) => {
    const all = Array.from({ length: taps }, (_, tap) => [(first + before - tap * dilation) / stride, tap] as const);
    return {
      first,
      places: Math.ceil((length - first) / stride),
      taps: all.filter(([from]) => Number.isInteger(from)),
    };
  });
}
