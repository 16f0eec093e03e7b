import type { TensorInfo } from "@tensorflow/tfjs-core";
import { type Call, type GpuKernel, type Tools, withShader } from "./kernel.ts";

/** A side of what is pooled, and how the window moves along it. */
interface Axis {
  readonly length: number;
  readonly size: number;
  readonly stride: number;
  readonly places: number;
  /** What lies before and after the image in the windows; less than 0 where they don't reach its end. */
  readonly before: number;
  readonly after: number;
}

/** Less than any number of an image: what a maximum is padded with. */
const least = -3.4e38;

/**
 * The greatest number of each window. Stock pads by less than nothing where a stride is longer than the window in three
 * dimensions.
 */
export const maxPool: GpuKernel = (stock, tools) => {
  const { inputs: { x }, attrs } = tools.call;
  return pooled(tools, stock, fitted(tools, x, axesOf(tools, x, attrs), least));
};

/** The mean of what lies inside each window; see {@linkcode maxPool}. */
export const averagePool: GpuKernel = (stock, tools) => {
  const { inputs: { x }, attrs } = tools.call, axes = axesOf(tools, x, attrs);
  return weighted(tools, pooled(tools, stock, fitted(tools, x, axes, 0)), axes);
};

/** Stock counts places in a window as if it were as wide as it is high; of equal maxima, ours takes the first. */
export const maxPoolGradient: GpuKernel = (stock, tools) => {
  const { inputs: { dy, input, output }, attrs } = tools.call, axes = axesOf(tools, input, attrs, dy);
  const backend = withShader(tools.call.backend, "places", corrected);
  const inputs = { dy, input: fitted(tools, input, axes, least), output };
  return taken(tools, stock({ inputs, attrs: inside(attrs), backend }), axes);
};

const corrected = (code: string): string =>
  code.replace("uniforms.filterDims.y * uniforms.filterDims.y", "uniforms.filterDims.y * uniforms.filterDims.z")
    .replace("value >= currMaxValue", "value > currMaxValue || maxValueFound == 0.0");

/** Stock divides by the whole window, also where a part of it lies beyond the image. */
export const averagePoolGradient: GpuKernel = (stock, tools) => {
  const { inputs: { dy, input }, attrs } = tools.call, axes = axesOf(tools, input, attrs, dy);
  const wide = { ...input, shape: [input.shape[0], ...axes.map(extent), input.shape.at(-1)] };
  const inputs = { dy: weighted(tools, dy, axes), input: wide }; // of the input, only its shape is asked
  return taken(tools, stock({ ...tools.call, inputs, attrs: inside(attrs) }), axes);
};

const inside = (attrs: Call["attrs"]) => ({ ...attrs, pad: "valid", dimRoundingMode: undefined });

const pooled = ({ call }: Tools, stock: (call: Call) => TensorInfo, x: TensorInfo): TensorInfo =>
  stock({ ...call, inputs: { x }, attrs: inside(call.attrs) });

/** How far the windows reach. */
const extent = ({ places, stride, size }: Axis): number => (places - 1) * stride + size;

function axesOf({ tf }: Tools, x: TensorInfo, { filterSize, strides, pad }: Call["attrs"], dy?: TensorInfo): Axis[] {
  const lengths = x.shape.slice(1, -1);
  const at = (option: number | readonly number[], i: number) => typeof option === "number" ? option : option[i]!;
  return lengths.map((length, i) => {
    const [size, stride] = [at(filterSize, i), at(strides, i)];
    const image: [number, number, number, number] = [1, length, 1, 1];
    const { outHeight, padInfo } = tf.backend_util.computePool2DInfo(image, [size, 1], [stride, 1], 1, pad);
    const places = dy?.shape[i + 1] ?? outHeight, before = Math.max(0, padInfo.top);
    return { length, size, stride, places, before, after: (places - 1) * stride + size - length - before };
  });
}

/** The image, padded or cut to what the windows reach. */
function fitted(tools: Tools, x: TensorInfo, axes: readonly Axis[], padding: number): TensorInfo {
  const ends = [x.shape[0]!, x.shape.at(-1)!] as const;
  if (axes.some(({ after }) => after < 0)) {
    const kept = axes.map(({ length, after }) => length + Math.min(0, after));
    x = tools.run("Slice", { x }, { begin: x.shape.map(() => 0), size: [ends[0], ...kept, ends[1]] });
  }
  if (!axes.some(({ before, after }) => before > 0 || after > 0)) return x;
  const paddings = [[0, 0], ...axes.map(({ before, after }) => [before, Math.max(0, after)]), [0, 0]];
  return tools.run("PadV2", { x }, { paddings, constantValue: padding });
}

/** The image's part of a gradient: the opposite of {@linkcode fitted}. */
function taken(tools: Tools, x: TensorInfo, axes: readonly Axis[]): TensorInfo {
  const ends = [x.shape[0]!, x.shape.at(-1)!] as const;
  if (axes.some(({ before, after }) => before > 0 || after > 0)) {
    const kept = axes.map(({ length, after }) => length + Math.min(0, after));
    const begin = [0, ...axes.map(({ before }) => before), 0];
    x = tools.run("Slice", { x }, { begin, size: [ends[0], ...kept, ends[1]] });
  }
  if (!axes.some(({ after }) => after < 0)) return x;
  const paddings = [[0, 0], ...axes.map(({ after }) => [0, Math.max(0, -after)]), [0, 0]];
  return tools.run("PadV2", { x }, { paddings, constantValue: 0 });
}

/** Means over whole windows as those over what lies inside. */
function weighted(tools: Tools, means: TensorInfo, axes: readonly Axis[]): TensorInfo {
  if (!axes.some(({ before, after }) => before > 0 || after > 0)) return means;
  const weights = axes.reduce<number[]>((all, axis) => all.flatMap((one) => weightsOf(axis).map((two) => one * two)), [
    1,
  ]);
  const shape = [1, ...axes.map(({ places }) => places), 1];
  return tools.run("Multiply", { a: means, b: tools.floats(Float32Array.from(weights), shape) });
}

/** By how much a window is longer than what of it lies inside, at each place. */
function weightsOf({ length, size, stride, places, before }: Axis): number[] {
  return Array.from({ length: places }, (_, place) => {
    const first = place * stride - before;
    return size / (Math.min(length, first + size) - Math.max(0, first));
  });
}
