import type { Tensor3D } from "@tensorflow/tfjs-core";
import { tf } from "../../backend/tf.ts";
import type { TfjsLayer } from "../make_layer.ts";
import { type ConvLayer, one, placesAlong, withChannelsLast } from "./tfjs_parts.ts";

/** Adds causal padding, where no output sees what comes later, and gives channels back where they were. */
export function improveConv1d(layer: TfjsLayer): void {
  const own = layer as ConvLayer;
  const compute = (x: Tensor3D): Tensor3D => {
    const { kernelSize: [size], strides: [stride], dilationRate: [rate], kernel, padding } = own;
    const causal = padding === "causal";
    const padded = causal ? tf().pad(x, [[0, 0], [(size! - 1) * rate!, 0], [0, 0]]) : x;
    const pad = causal ? "valid" : padding;
    return tf().conv1d(padded, kernel!.read() as Tensor3D, stride!, pad, "NWC", rate!);
  };
  layer.call = (inputs) => tf().tidy(() => withChannelsLast(own, one(inputs), (x) => compute(x as Tensor3D)));
  layer.computeOutputShape = ([batch, ...item]) => {
    const first = own.dataFormat === "channelsFirst";
    const length = placesAlong(own, 0, item[first ? 1 : 0]!);
    return first ? [batch!, own.filters, length] : [batch!, length, own.filters];
  };
}
