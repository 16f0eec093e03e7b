import type { TensorInfo } from "@tensorflow/tfjs-core";
import { activated } from "./activated.ts";
import { asFloats } from "./as_floats.ts";
import type { Heap } from "./heap.ts";
import type { Call, Family, Kernel, Machine } from "./kernel.ts";
import { type Axis, windowAxes, withWindow } from "./window.ts";

/**
 * Depthwise convolution and its gradients. `DilatedDepthwiseConv2d` is the same operation under our own name, whose
 * gradient allows of dilations: see `../ops/depthwise_conv2d.ts`.
 */
export const depthwise: Family = (machine) => {
  const forward: Kernel = ({ inputs: { x, filter }, attrs }) => convolution(machine, x, filter, attrs);
  return {
    DepthwiseConv2dNative: forward,
    DilatedDepthwiseConv2d: forward,
    FusedDepthwiseConv2D: ({ inputs, attrs }) =>
      activated(machine, convolution(machine, inputs.x, inputs.filter, attrs), inputs, attrs),
    DepthwiseConv2dNativeBackpropInput: ({ inputs: { dy, filter }, attrs }) =>
      inputGradient(machine, dy, filter, attrs),
    DepthwiseConv2dNativeBackpropFilter: ({ inputs: { x, dy }, attrs }) => filterGradient(machine, x, dy, attrs),
  };
};

type Attributes = Call["attrs"];

function convolution(machine: Machine, x: TensorInfo, filter: TensorInfo, attrs: Attributes): TensorInfo {
  const { heap, native } = machine;
  if (attrs.dataFormat === "NCHW") {
    throw new RangeError("Cannot convolve depthwise: the channels are first (NCHW); transpose them to be last");
  }
  return asFloats(machine, x, (x) => {
    const [batch, , , ways] = x.shape as Four, times = filter.shape[3]!, axes = axesOf(x.shape, filter.shape, attrs);
    const y = heap.output([batch, ...axes.map(({ places }) => places), ways * times]);
    const [from, weights, to] = [heap.pointer(x), heap.pointer(filter), heap.pointer(y)];
    withWindow(heap, ways, axes, (window) => native.depthwise!(from, weights, to, batch, times, window));
    return y;
  });
}

function inputGradient(machine: Machine, dy: TensorInfo, filter: TensorInfo, attrs: Attributes): TensorInfo {
  const { heap, native } = machine, shape = attrs.inputShape as Four, [batch, , , ways] = shape;
  const axes = axesOf(shape, filter.shape, attrs), times = filter.shape[3]!;
  if (axes.every(({ stride }) => stride === 1)) return turnedGradient(machine, dy, filter, shape, axes);
  const dx = heap.output(shape);
  const [from, weights, to] = [heap.pointer(dy), heap.pointer(filter), heap.pointer(dx)];
  withWindow(heap, ways, axes, (window) => native.depthwiseInput!(from, weights, to, batch, times, window));
  return dx;
}

/** Where nothing is strided, the gradient is itself a convolution, by the filter turned round: quicker. */
function turnedGradient(machine: Machine, dy: TensorInfo, filter: TensorInfo, shape: Four, axes: Axis[]): TensorInfo {
  const { heap, native, run } = machine, [batch, height, width, ways] = shape, times = filter.shape[3]!;
  const each = heap.output([batch, height, width, ways * times]);
  const [from, to] = [heap.pointer(dy), heap.pointer(each)];
  withTurned(heap, filter, (turned) => {
    withWindow(heap, ways * times, axes.map(back), (window) => native.depthwise!(from, turned, to, batch, 1, window));
  });
  if (times === 1) return each;
  const dx = run("Sum", { x: { ...each, shape: [...shape, times] } }, { axis: 4, keepDims: false });
  heap.free(each);
  return dx;
}

/** The axis that a gradient slides over. */
const back = ({ length, places, taps, dilation, before }: Axis): Axis => ({
  length: places,
  places: length,
  taps,
  stride: 1,
  dilation,
  before: (taps - 1) * dilation - before,
});

/** Lends a filter whose taps are in the opposite order. */
function withTurned(heap: Heap, filter: TensorInfo, work: (turned: number) => void): void {
  const [height, width, ways, times] = filter.shape as Four, taps = height * width, each = ways * times;
  heap.scratch(4 * taps * each, (turned) => {
    const to = new Float32Array(heap.memory.buffer, turned, taps * each), from = heap.floats(filter);
    for (let tap = 0; tap < taps; tap++) to.set(from.subarray(tap * each, (tap + 1) * each), (taps - 1 - tap) * each);
    work(turned);
  });
}

function filterGradient(machine: Machine, x: TensorInfo, dy: TensorInfo, attrs: Attributes): TensorInfo {
  const { heap, native } = machine, shape = attrs.filterShape as Four;
  return asFloats(machine, x, (x) => {
    const [batch, , , ways] = x.shape as Four, df = heap.output(shape);
    const [from, by, to] = [heap.pointer(x), heap.pointer(dy), heap.pointer(df)];
    withWindow(heap, ways, axesOf(x.shape, shape, attrs), (window) => {
      native.depthwiseFilter!(from, by, to, batch, shape[3], window);
    });
    return df;
  });
}

const axesOf = (shape: readonly number[], filter: readonly number[], attrs: Attributes): Axis[] =>
  windowAxes(shape.slice(1, -1), filter.slice(0, 2), attrs as never);

type Four = [number, number, number, number];
