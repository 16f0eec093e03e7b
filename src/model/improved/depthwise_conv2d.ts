import type { Tensor4D } from "@tensorflow/tfjs-core";
import { depthwiseConv2d } from "../../backend/ops/depthwise_conv2d.ts";
import { tf } from "../../backend/tf.ts";
import type { TfjsLayer } from "../make_layer.ts";
import { type ConvLayer, one, placesAlong, type Weight, withChannelsLast } from "./tfjs_parts.ts";

interface DepthwiseLayer extends ConvLayer {
  readonly depthwiseKernel: Weight;
  readonly depthMultiplier: number;
}

/** Honours `dilationRate`, which tfjs overlooks. */
export function improveDepthwiseConv2d(layer: TfjsLayer): void {
  const own = layer as DepthwiseLayer;
  layer.call = (inputs) =>
    tf().tidy(() =>
      withChannelsLast(own, one(inputs), (x) => {
        const [strides, dilations] = [own.strides as [number, number], own.dilationRate as [number, number]];
        const kernel = own.depthwiseKernel.read() as Tensor4D;
        return depthwiseConv2d(x as Tensor4D, kernel, { strides, dilations, pad: own.padding as "same" });
      })
    );
  layer.computeOutputShape = ([batch, ...item]) => {
    const first = own.dataFormat === "channelsFirst", [height, width] = first ? item.slice(1) : item;
    const sides = [placesAlong(own, 0, height!), placesAlong(own, 1, width!)];
    const channels = (first ? item[0] : item[2])! * own.depthMultiplier;
    return first ? [batch!, channels, ...sides] : [batch!, ...sides, channels];
  };
}
