import type { TensorInfo } from "@tensorflow/tfjs-core";
import { asFloats } from "./as_floats.ts";
import type { Call, Family, Machine } from "./kernel.ts";
import { multiply } from "./matmul.ts";
import { type Axis, windowAxes, withWindow } from "./window.ts";

/**
 * Convolution over three axes and its gradients, channels last, as products of matrices: what the window takes in at so
 * many places, by the filter.
 */
export const conv3d: Family = (machine) => ({
  Conv3D: ({ inputs: { x, filter }, attrs }) =>
    asFloats(machine, x, (x) => asFloats(machine, filter, (filter) => convolution(machine, x, filter, attrs))),
  Conv3DBackpropInputV2: ({ inputs: { dy, filter }, attrs }) => inputGradient(machine, dy, filter, attrs),
  Conv3DBackpropFilterV2: ({ inputs: { x, dy }, attrs }) =>
    asFloats(machine, x, (x) => filterGradient(machine, x, dy, attrs)),
});

type Attributes = Call["attrs"];
type Five = [number, number, number, number, number];

/** Numbers that are taken in at once: they fit into a processor's cache. */
const room = 1 << 17;

function convolution(machine: Machine, x: TensorInfo, filter: TensorInfo, attrs: Attributes): TensorInfo {
  const { heap, native } = machine, outputs = filter.shape[4]!, axes = axesOf(x.shape, filter.shape, attrs);
  const y = heap.output([x.shape[0]!, ...axes.map(({ places }) => places), outputs]);
  const [from, weights, to] = [heap.pointer(x), heap.pointer(filter), heap.pointer(y)];
  inParts(machine, x.shape, filter.shape, axes, ({ sample, at, first, count, columns, window, depth }) => {
    native.gatherTaps!(from + sample, columns, first, first + count, window);
    multiply(machine, { rows: count, columns: outputs, depth }, columns, weights, to + 4 * at * outputs);
  });
  return y;
}

function inputGradient(machine: Machine, dy: TensorInfo, filter: TensorInfo, attrs: Attributes): TensorInfo {
  const { heap, native } = machine, outputs = filter.shape[4]!, shape = attrs.inputShape as Five;
  const dx = heap.output(shape), [from, weights, to] = [heap.pointer(dy), heap.pointer(filter), heap.pointer(dx)];
  native.clearNumbers!(to, size(shape));
  inParts(machine, shape, filter.shape, axesOf(shape, filter.shape, attrs), (part) => {
    const { sample, at, first, count, columns, window, depth } = part;
    const product = { rows: count, columns: depth, depth: outputs, transposeB: true };
    multiply(machine, product, from + 4 * at * outputs, weights, columns);
    native.scatterTaps!(columns, to + sample, first, first + count, window);
  });
  return dx;
}

function filterGradient(machine: Machine, x: TensorInfo, dy: TensorInfo, attrs: Attributes): TensorInfo {
  const { heap, native } = machine, shape = attrs.filterShape as Five, outputs = shape[4];
  const df = heap.output(shape), [from, by, to] = [heap.pointer(x), heap.pointer(dy), heap.pointer(df)];
  native.clearNumbers!(to, size(shape));
  heap.scratch(4 * size(shape), (sum) => {
    inParts(machine, x.shape, shape, axesOf(x.shape, shape, attrs), (part) => {
      const { sample, at, first, count, columns, window, depth } = part;
      native.gatherTaps!(from + sample, columns, first, first + count, window);
      const product = { rows: depth, columns: outputs, depth: count, transposeA: true };
      multiply(machine, product, columns, by + 4 * at * outputs, sum);
      native.addNumbers!(to, sum, size(shape));
    });
  });
  return df;
}

/** Some places of the window in one sample. */
interface Part {
  /** Where the sample begins, in bytes. */
  readonly sample: number;
  /** The first place, counted over all samples, and in its own one. */
  readonly at: number;
  readonly first: number;
  readonly count: number;
  /** Room for what the window takes in there: `count` rows of `depth` numbers. */
  readonly columns: number;
  readonly depth: number;
  /** The window, as our kernels want it described. */
  readonly window: number;
}

function inParts(
  { heap }: Machine,
  shape: readonly number[],
  filter: readonly number[],
  axes: readonly Axis[],
  work: (part: Part) => void,
): void {
  const ways = shape[4]!, places = axes.reduce((product, axis) => product * axis.places, 1);
  const depth = size(filter.slice(0, 4)), most = Math.max(1, Math.min(places, Math.floor(room / Math.max(1, depth))));
  heap.scratch(4 * most * depth, (columns) => {
    withWindow(heap, ways, axes, (window) => {
      for (let b = 0; b < shape[0]!; b++) {
        const sample = 4 * b * size(shape.slice(1));
        for (let first = 0; first < places; first += most) {
          const count = Math.min(most, places - first);
          work({ sample, at: b * places + first, first, count, columns, depth, window });
        }
      }
    });
  });
}

const axesOf = (shape: readonly number[], filter: readonly number[], attrs: Attributes): Axis[] =>
  windowAxes(shape.slice(1, -1), filter.slice(0, 3), attrs as never);

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
