import type { Attribute } from "../binding.ts";
import type { Call, Family, Machine } from "../machine.ts";

/** Below every number that is pooled. */
const lowest = -3.4028234663852886e38;

/**
 * Pooling of volumes for the greatest number. Where a stride is longer than the window, TensorFlow pads by less than
 * nothing, and looks at the wrong places: there it is padded first.
 */
export const pooling3d: Family = (machine) => ({
  MaxPool3D: (call) => {
    const { x } = call.inputs, window = windowOf(machine, x.shape, call.attrs);
    if (!window.isWrong || x.dtype !== "float32") return machine.stock("MaxPool3D", call);
    return machine.run("MaxPool3D", window.attributes, padded(machine, machine.id(x), window));
  },
  MaxPool3DGrad: (call) => {
    const { dy, input, output } = call.inputs, window = windowOf(machine, input.shape, call.attrs);
    if (!window.isWrong) return machine.stock("MaxPool3DGrad", call);
    const x = padded(machine, machine.id(input), window), { attributes, before } = window;
    const types = [...attributes, machine.type("TInput", "float32")];
    const slopes = machine.run("MaxPool3DGrad", types, x, machine.id(output), machine.id(dy));
    return machine.floats.slice(slopes, [0, ...before, 0], input.shape);
  },
});

interface Window {
  /** Of a pooling that doesn't pad. */
  readonly attributes: readonly Attribute[];
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Whether TensorFlow would pad one side by less than nothing. */
  readonly isWrong: boolean;
}

function windowOf(
  machine: Machine,
  shape: number[],
  { filterSize, strides, pad, dimRoundingMode }: Call["attrs"],
): Window {
  const volume = shape as [number, number, number, number, number];
  const info = machine.tf.backend_util.computePool3DInfo(volume, filterSize, strides, 1, pad, dimRoundingMode);
  const places = [info.outDepth, info.outHeight, info.outWidth];
  const steps = [info.strideDepth, info.strideHeight, info.strideWidth];
  const size = [info.filterDepth, info.filterHeight, info.filterWidth];
  const missing = places.map((count, side) => (count - 1) * steps[side]! + size[side]! - shape[side + 1]!);
  const before = missing.map((count) => Math.max(0, count) >> 1);
  return {
    attributes: [
      machine.T,
      machine.int("ksize", [1, ...size, 1]),
      machine.int("strides", [1, ...steps, 1]),
      machine.text("padding", "VALID"),
      machine.text("data_format", "NDHWC"),
    ],
    before,
    after: missing.map((count, side) => Math.max(0, count) - before[side]!),
    isWrong: info.padInfo.type === "SAME" && missing.some((count) => count < -1),
  };
}

function padded(machine: Machine, x: number, { before, after }: Window): number {
  const pairs = [0, 0, ...before.flatMap((count, side) => [count, after[side]!]), 0, 0];
  if (pairs.every((count) => count === 0)) return x;
  const types = [machine.T, machine.type("Tpaddings", "int32")], { constants } = machine;
  return machine.run("PadV2", types, x, constants.pairs(pairs), constants.number(lowest));
}
