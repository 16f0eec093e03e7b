import type { Tensor4D } from "@tensorflow/tfjs-core";
import { depthwiseConv2d } from "../../backend/ops/depthwise_conv2d.ts";
import { tf } from "../../backend/tf.ts";
import type { TfjsLayer } from "../make_layer.ts";
import { type ConvLayer, one, type Weight, withChannelsLast } from "./tfjs_parts.ts";

interface SeparableLayer extends ConvLayer {
  readonly depthwiseKernel: Weight;
  readonly pointwiseKernel: Weight;
}

/** With channels first, tfjs adds the bias to the wrong dimension. */
export function improveSeparableConv2d(layer: TfjsLayer): void {
  const own = layer as SeparableLayer;
  layer.call = (inputs) =>
    tf().tidy(() =>
      withChannelsLast(own, one(inputs), (x) => {
        const [depth, point] = [own.depthwiseKernel.read() as Tensor4D, own.pointwiseKernel.read() as Tensor4D];
        const [strides, dilations] = [own.strides as [number, number], own.dilationRate as [number, number]];
        const each = depthwiseConv2d(x as Tensor4D, depth, { strides, dilations, pad: own.padding as "same" });
        return tf().conv2d(each, point, 1, "valid");
      })
    );
}
