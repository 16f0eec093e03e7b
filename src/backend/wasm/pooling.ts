import type { TensorInfo } from "@tensorflow/tfjs-core";
import { asFloats, backTo } from "./as_floats.ts";
import type { Family, Kernel, Machine } from "./kernel.ts";
import { type Axis, of, windowAxes, withWindow } from "./window.ts";

/**
 * Pooling over two and three axes, and its gradients. A mean is that of the numbers inside, padding not counted, as
 * TensorFlow has it; of equal maxima the first gets the gradient.
 */
export const pooling: Family = (machine) => ({
  MaxPool: forward(machine, "maxPool"),
  MaxPool3D: forward(machine, "maxPool"),
  AvgPool: forward(machine, "averagePool"),
  AvgPool3D: forward(machine, "averagePool"),
  MaxPoolGrad: maxGradient(machine),
  MaxPool3DGrad: maxGradient(machine),
  AvgPoolGrad: averageGradient(machine),
  AvgPool3DGrad: averageGradient(machine),
  MaxPoolWithArgmax: withPlaces(machine),
});

function forward(machine: Machine, name: "maxPool" | "averagePool"): Kernel {
  const { heap, native } = machine;
  return ({ inputs: { x }, attrs }) =>
    asFloats(machine, x, (floats) => {
      const axes = poolAxes(floats.shape, attrs), [batch, channels] = ends(floats);
      const y = heap.output([batch, ...axes.map(({ places }) => places), channels]);
      withWindow(heap, channels, axes, (window) => native[name]!(heap.pointer(floats), heap.pointer(y), batch, window));
      return backTo(machine, x.dtype, y);
    });
}

/** The maxima, and where they are. */
function withPlaces(machine: Machine): Kernel {
  const { heap, native } = machine;
  return ({ inputs: { x }, attrs }) =>
    asFloats(machine, x, (floats) => {
      const axes = poolAxes(floats.shape, attrs), [batch, channels] = ends(floats);
      const shape = [batch, ...axes.map(({ places }) => places), channels];
      const y = heap.output(shape), at = heap.output(shape, "int32");
      withWindow(heap, channels, axes, (window) => {
        native.maxPool!(heap.pointer(floats), heap.pointer(y), batch, window);
        const inSample = attrs.includeBatchInIndex ? 0 : 1;
        native.maxPoolPlaces!(heap.pointer(floats), heap.pointer(at), batch, window, inSample);
      });
      return [backTo(machine, x.dtype, y), at];
    });
}

function maxGradient({ heap, native }: Machine): Kernel {
  return ({ inputs: { dy, input, output }, attrs }) => {
    const [batch, channels] = ends(input), dx = heap.output(input.shape);
    const [x, y, from, to] = [input, output, dy, dx].map((tensor) => heap.pointer(tensor)) as Four;
    withWindow(heap, channels, axesOfGradient(input, dy, attrs), (window) => {
      native.maxPoolGradient!(x, y, from, to, batch, window);
    });
    return dx;
  };
}
type Four = [number, number, number, number];

function averageGradient({ heap, native }: Machine): Kernel {
  return ({ inputs: { dy, input }, attrs }) => {
    const [batch, channels] = ends(input), dx = heap.output(input.shape);
    const [from, to] = [heap.pointer(dy), heap.pointer(dx)];
    withWindow(heap, channels, axesOfGradient(input, dy, attrs), (window) => {
      native.averagePoolGradient!(from, to, batch, window);
    });
    return dx;
  };
}

function poolAxes(shape: readonly number[], attrs: Parameters<Kernel>[0]["attrs"]): Axis[] {
  const lengths = shape.slice(1, -1);
  return windowAxes(lengths, lengths.map((_, axis) => of(attrs.filterSize, axis)), attrs as never);
}

/** The places are as many as dy has: tfjs's gradient in two dimensions forgets how they were rounded. */
function axesOfGradient(x: TensorInfo, dy: TensorInfo, attrs: Parameters<Kernel>[0]["attrs"]): Axis[] {
  return poolAxes(x.shape, attrs).map((axis, i) => ({ ...axis, places: dy.shape[i + 1]! }));
}

const ends = ({ shape }: TensorInfo): [batch: number, channels: number] => [shape[0]!, shape.at(-1)!];
