import type { Attribute } from "../binding.ts";
import { byOneDnn } from "./one_dnn.ts";
import type { Call, Family, Machine } from "../machine.ts";

/**
 * Pooling by oneDNN, which comes with TensorFlow for processors: its gradient is a hundred times as quick as the one that
 * TensorFlow takes where operations are run one by one. It wants to know which numbers were the greatest, which go with
 * what is pooled on the way to a gradient.
 */
export const pooling: Family = (machine) => machine.oneDnn ? kernels(machine) : {};

const kernels: Family = (machine) => ({
  MaxPool: (call) => {
    const { x } = call.inputs, learning = machine.tf.engine().state.gradientDepth > 0;
    const attributes = placing(machine, x, call.attrs, learning);
    if (attributes === undefined) return machine.stock("MaxPool", call);
    const [output, places] = pool(machine, machine.id(x), attributes);
    return learning ? machine.with(output, [places]) : output;
  },
  MaxPoolGrad: (call) => {
    const { dy, input, output } = call.inputs, attributes = placing(machine, input, call.attrs, true);
    if (attributes === undefined) return machine.stock("MaxPoolGrad", call);
    const x = machine.id(input), [known] = machine.unbundle(output);
    const [pooled, places] = known === undefined ? pool(machine, x, attributes) : [machine.id(output), known];
    return machine.run("_MklNativeMaxPoolGrad", attributes, x, pooled, machine.id(dy), places);
  },
});

const pool = (machine: Machine, x: number, attributes: Attribute[]): [output: number, places: number] =>
  machine.runAll("_MklNativeMaxPool", attributes, [x], 2) as [number, number];

/** How the window moves, as oneDNN takes it; undefined where it can't. */
function placing(
  machine: Machine,
  x: { readonly shape: readonly number[]; readonly dtype: string },
  { filterSize, strides, pad, dimRoundingMode }: Call["attrs"],
  learning: boolean,
): Attribute[] | undefined {
  const shape = x.shape as [number, number, number, number];
  const info = machine.tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { type } = info.padInfo;
  if (x.dtype !== "float32" || (type !== "VALID" && type !== "SAME") || shape.includes(0)) return undefined;
  return [
    machine.T,
    machine.int("ksize", [1, info.filterHeight, info.filterWidth, 1]),
    machine.int("strides", [1, info.strideHeight, info.strideWidth, 1]),
    machine.text("padding", type),
    machine.text("data_format", "NHWC"),
    machine.flag("workspace_enabled", learning),
    byOneDnn(machine),
  ];
}
