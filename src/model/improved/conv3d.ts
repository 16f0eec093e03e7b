import type { Tensor, Tensor5D } from "@tensorflow/tfjs-core";
import { tf } from "../../backend/tf.ts";
import type { TfjsLayer } from "../make_layer.ts";
import { type ConvLayer, one, placesAlong, withChannelsLast } from "./tfjs_parts.ts";

type Triple = [number, number, number];

/** Pads by itself for `same`: where a stride is longer than the window, tfjs pads by less than nothing. */
export function improveConv3d(layer: TfjsLayer): void {
  const own = layer as ConvLayer;
  layer.call = (inputs) =>
    tf().tidy(() =>
      withChannelsLast(own, one(inputs), (x) => {
        const { strides, dilationRate, kernel, padding } = own;
        const longer = padding === "same" && strides.some((stride, i) => stride > own.kernelSize[i]!);
        const padded = longer ? samePads(own, x.shape).reduce(padAlong, x) : x;
        const [filter, pad] = [kernel!.read() as Tensor5D, longer ? "valid" as const : padding as "same"];
        return tf().conv3d(padded as Tensor5D, filter, strides as Triple, pad, "NDHWC", dilationRate as Triple);
      })
    );
}

/** What TensorFlow's `same` puts before and after each side of `[batch, ..., channels]`. */
function samePads(layer: ConvLayer, shape: readonly number[]): [before: number, after: number][] {
  return layer.kernelSize.map((size, side) => {
    const length = shape[side + 1]!, reach = (size - 1) * layer.dilationRate[side]! + 1;
    const missing = (placesAlong(layer, side, length)! - 1) * layer.strides[side]! + reach - length;
    const before = Math.max(0, missing) >> 1;
    return [before, Math.max(0, missing) - before];
  });
}

/** Zeros before and after one side; not every backend pads five dimensions. */
function padAlong(x: Tensor, [before, after]: [number, number], side: number): Tensor {
  if (before + after === 0) return x;
  const axis = side + 1, length = x.shape[axis]!;
  const outer = x.shape.slice(0, axis).reduce((size, next) => size * next, 1);
  const padded = tf().pad(tf().reshape(x, [outer, length, -1]), [[0, 0], [before, after], [0, 0]]);
  return tf().reshape(padded, x.shape.with(axis, before + length + after));
}
