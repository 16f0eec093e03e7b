import type { GradConfig, NamedAttrMap, Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";
import { activate, type Activation, activationGradient } from "./activation.ts";
import { hasKernel, runKernel } from "./run_kernel.ts";

/** How a convolution slides over images whose channels are last. */
export interface ConvolutionOptions {
  readonly strides: [down: number, right: number];
  readonly dilations: [down: number, right: number];
  /** Or the rows and columns of zeros around an image. */
  readonly pad: "same" | "valid" | [[0, 0], [top: number, bottom: number], [left: number, right: number], [0, 0]];
  readonly activation: Activation;
}

/**
 * `activation(x * filter + bias)`: images [batch, height, width, channels], a filter [height, width, channels, columns]
 * and a bias [columns]. In one go where the backend has the kernel `Convolution` (`x`, `filter`, `bias`; attributes as
 * those of tfjs's `FusedConv2D`). Unlike the gradient of `tf.fused.conv2d`, that of x is computed only where it is asked
 * for: not in a net's first layer.
 */
export function convolution(
  x: Tensor4D,
  filter: Tensor4D,
  bias: Tensor | undefined,
  { strides, dilations, pad, activation }: ConvolutionOptions,
): Tensor4D {
  if (!hasKernel(gradient.kernelName)) {
    const y = tf().conv2d(x, filter, strides, pad, "NHWC", dilations);
    return activate(activation, bias === undefined ? y : tf().add(y, bias)) as Tensor4D;
  }
  const attrs = { strides, dilations, pad, dataFormat: "NHWC", activation } as unknown as NamedAttrMap;
  return runKernel(gradient, { x, filter, ...(bias && { bias }) }, attrs)[0] as Tensor4D;
}

const gradient: GradConfig = {
  kernelName: "Convolution",
  inputsToSave: ["x", "filter"],
  outputsToSave: [true],
  gradFunc: (dy, [x, filter, y], attrs) => {
    const dz = activationGradient(attrs.activation as Activation, dy as Tensor, y!);
    const run = (kernel: string, inputs: Record<string, Tensor>, shapes: object): Tensor =>
      tf().engine().runKernel(kernel, inputs, { ...attrs, ...shapes } as NamedAttrMap);
    return {
      x: () => run("Conv2DBackpropInput", { dy: dz, filter: filter! }, { inputShape: x!.shape }),
      filter: () => run("Conv2DBackpropFilter", { x: x!, dy: dz }, { filterShape: filter!.shape }),
      bias: () => tf().sum(dz, [0, 1, 2]),
    };
  },
};
