import type { GradConfig, Tensor } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import { type Gradient, run } from "./gradient.ts";

type Quad = [number, number, number, number];
type Pair = [number, number];
type Backprop = (x: Tensor, dy: Tensor) => Tensor;

/**
 * A convolution with holes in its window is a plain one on as many interleaved smaller images as there are offsets
 * between holes (`tf.spaceToBatchND`). tfjs refuses the gradient. Strides are 1 where there are holes.
 */
const dilated = (kernelName: string, of: (tf: TF, filter: Tensor) => { x: Backprop; filter: Backprop }): Gradient =>
(
  tf,
) => {
  const stock = tf.getGradient(kernelName);
  const gradFunc: GradConfig["gradFunc"] = (dy, saved, attrs) => {
    const rates = pair(attrs.dilations as number | number[] | null);
    if (rates.every((rate) => rate === 1)) return stock.gradFunc(dy, saved, attrs);
    const [x, filter] = saved as [Tensor, Tensor], first = attrs.dataFormat === "NCHW";
    const [last, back] = [[0, 2, 3, 1], [0, 3, 1, 2]].map((order) => (image: Tensor) =>
      first ? tf.transpose(image, order) : image
    ) as [(image: Tensor) => Tensor, (image: Tensor) => Tensor];
    const parts = interleaved(tf, last(x).shape as Quad, filter.shape as Quad, rates, attrs.pad as "same");
    const { x: towardsX, filter: towardsFilter } = of(tf, filter);
    const split = () => [parts.split(last(x)), parts.splitOutput(last(dy as Tensor))] as const;
    return {
      x: () => back(parts.join(towardsX(...split()))),
      filter: () => towardsFilter(...split()),
    };
  };
  return { ...stock, gradFunc };
};

const pair = (rates: number | number[] | null): Pair =>
  typeof rates === "number" ? [rates, rates] : (rates ?? [1, 1]) as Pair;

/** How an image and the convolution's output fall apart into interleaved ones, and the image together again. */
function interleaved(tf: TF, xShape: Quad, filterShape: Quad, rates: Pair, pad: "same") {
  const { padInfo, inHeight, inWidth } = tf.backend_util.computeConv2DInfo(xShape, filterShape, 1, rates, pad);
  const { top, bottom, left, right } = padInfo;
  const fill = (length: number, rate: number) => (rate - length % rate) % rate;
  const [rows, columns] = [
    fill(inHeight + top + bottom, rates[0]),
    fill(inWidth + left + right, rates[1]),
  ];
  const image = [[top, bottom + rows], [left, right + columns]];
  return {
    split: (x: Tensor) => tf.spaceToBatchND(x, rates, image),
    splitOutput: (y: Tensor) => tf.spaceToBatchND(y, rates, [[0, rows], [0, columns]]),
    join: (x: Tensor) => tf.batchToSpaceND(x, rates, image),
  };
}

const plain = { strides: [1, 1], pad: "valid", dilations: [1, 1], dataFormat: "NHWC" };

/** `tf.conv2d`, `tf.conv1d`. */
export const conv2d: Gradient = dilated("Conv2D", (tf, filter) => ({
  x: (x, dy) => run(tf, "Conv2DBackpropInput", { dy, filter }, { ...plain, inputShape: x.shape }),
  filter: (x, dy) => run(tf, "Conv2DBackpropFilter", { x, dy }, { ...plain, filterShape: filter.shape }),
}));

/** `tf.depthwiseConv2d`. */
export const depthwiseConv2d: Gradient = dilated("DepthwiseConv2dNative", (tf, filter) => ({
  x: (x, dy) => run(tf, "DepthwiseConv2dNativeBackpropInput", { dy, filter }, { ...plain, inputShape: x.shape }),
  filter: (x, dy) => run(tf, "DepthwiseConv2dNativeBackpropFilter", { x, dy }, { ...plain, filterShape: filter.shape }),
}));
