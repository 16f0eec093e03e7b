import type { Tensor4D } from "@tensorflow/tfjs-core";
import { convolution, type ConvolutionOptions } from "../../backend/ops/convolution.ts";
import { tf } from "../../backend/tf.ts";
import type { TfjsLayer } from "../make_layer.ts";
import { activationOf, type LayerActivation } from "./activation_of.ts";
import { type ConvLayer, one } from "./tfjs_parts.ts";

/** Convolution over images by our operation, whose gradient is cheaper and allows of dilations. */
export function improveConv2d(layer: TfjsLayer): void {
  const { activation, dataFormat, strides, dilationRate, padding } = layer as ConvLayer;
  const [fused, rest] = activationOf(activation as LayerActivation | null);
  const options = {
    strides,
    dilations: dilationRate,
    pad: padding,
    activation: fused,
  } as unknown as ConvolutionOptions;
  const first = dataFormat === "channelsFirst";
  layer.call = (inputs) =>
    tf().tidy(() => {
      const { kernel, bias } = layer as ConvLayer, x = one(inputs) as Tensor4D;
      const images = first ? tf().transpose(x, [0, 2, 3, 1]) : x;
      const y = convolution(images, kernel!.read() as Tensor4D, bias?.read(), options);
      return rest(first ? tf().transpose(y, [0, 3, 1, 2]) : y);
    });
}
