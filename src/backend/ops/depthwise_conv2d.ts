import type { GradConfig, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";
import { hasKernel, runKernel } from "./run_kernel.ts";

/** How a depthwise convolution slides. */
export interface DepthwiseOptions {
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly pad: "same" | "valid";
}

/**
 * Depthwise convolution of [batch, height, width, ways] by a filter [height, width, ways, times]: gives [batch, ...,
 * ways * times]. Where the filter is dilated, the backend's kernel `DilatedDepthwiseConv2d` computes it, if it has one:
 * its gradients take dilations, those of tfjs's own have to be put together of many smaller convolutions.
 */
export function depthwiseConv2d(
  x: Tensor4D,
  filter: Tensor4D,
  { strides, dilations, pad }: DepthwiseOptions,
): Tensor4D {
  if (dilations.every((dilation) => dilation === 1) || !hasKernel(gradient.kernelName)) {
    return tf().depthwiseConv2d(x, filter, strides, pad, "NHWC", dilations);
  }
  return runKernel(gradient, { x, filter }, { strides, pad, dilations })[0] as Tensor4D;
}

const gradient: GradConfig = {
  kernelName: "DilatedDepthwiseConv2d",
  inputsToSave: ["x", "filter"],
  gradFunc: (dy, [x, filter], attrs) => {
    const run = (kernel: string, inputs: Record<string, Tensor>, shapes: object): Tensor =>
      tf().engine().runKernel(kernel, inputs, { ...attrs, ...shapes } as typeof attrs);
    return {
      x: () =>
        run("DepthwiseConv2dNativeBackpropInput", { dy: dy as Tensor, filter: filter! }, { inputShape: x!.shape }),
      filter: () =>
        run("DepthwiseConv2dNativeBackpropFilter", { x: x!, dy: dy as Tensor }, { filterShape: filter!.shape }),
    };
  },
};
