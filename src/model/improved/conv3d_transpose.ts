import type { Tensor5D } from "@tensorflow/tfjs-core";
import { tf } from "../../backend/tf.ts";
import type { TfjsLayer } from "../make_layer.ts";
import { type ConvLayer, one, withChannelsLast } from "./tfjs_parts.ts";

type Five = [number, number, number, number, number];
type Triple = [number, number, number];

/**
 * Where a stride is longer than the window, tfjs cuts off less than nothing for `same`: here `valid` is computed, and
 * what is too much is cut off.
 */
export function improveConv3dTranspose(layer: TfjsLayer): void {
  const own = layer as ConvLayer, { call } = layer, { kernelSize, strides, padding } = own;
  if (padding !== "same" || !strides.some((stride, i) => stride > kernelSize[i]!)) return;
  layer.call = (inputs, options) => {
    const x = one(inputs);
    if (x.rank !== 5) return call.call(layer, x, options);
    return tf().tidy(() =>
      withChannelsLast(own, x, (last) => {
        const sides = last.shape.slice(1, -1).map((length, i) => length * strides[i]!);
        const extra = strides.map((stride, i) => Math.max(kernelSize[i]! - stride, 0));
        const shape = [x.shape[0]!, ...sides.map((length, i) => length + extra[i]!), own.filters] as Five;
        const kernel = own.kernel!.read() as Tensor5D;
        const valid = tf().conv3dTranspose(last as Tensor5D, kernel, shape, strides as Triple, "valid");
        const begin = [0, ...extra.map((length) => length >> 1), 0] as Five;
        return tf().slice(valid, begin, [x.shape[0]!, ...sides, own.filters] as Five);
      })
    );
  };
}
