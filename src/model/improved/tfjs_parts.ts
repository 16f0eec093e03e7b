import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { tf } from "../../backend/tf.ts";
import type { TfjsLayer } from "../make_layer.ts";

/** A weight of a layer of tfjs. */
export interface Weight {
  read(): Tensor;
}

/** What layers of tfjs with a moving window have. */
export interface ConvLayer extends TfjsLayer {
  readonly filters: number;
  readonly kernelSize: number[];
  readonly strides: number[];
  readonly dilationRate: number[];
  readonly padding: "valid" | "same" | "causal";
  readonly dataFormat: "channelsFirst" | "channelsLast";
  readonly kernel: Weight | null;
  readonly bias: Weight | null;
  readonly activation: { apply(x: Tensor): Tensor } | null;
}

/** The one tensor that a layer is called with; tfjs allows it in a list. */
export const one = (inputs: Tensor | readonly Tensor[]): Tensor => [inputs].flat()[0] as Tensor;

/** Computes with channels last, gives channels where they were, and then adds the activation. */
export function withChannelsLast(layer: ConvLayer, x: Tensor, compute: (last: Tensor) => Tensor): Tensor {
  const middle = Array.from({ length: x.rank - 2 }, (_, i) => i + 1), first = layer.dataFormat === "channelsFirst";
  const last = first ? tf().transpose(x, [0, ...middle.map((axis) => axis + 1), 1]) : x;
  const y = compute(last), biased = layer.bias ? tf().add(y, layer.bias.read()) : y;
  const back = first ? tf().transpose(biased, [0, x.rank - 1, ...middle]) : biased;
  return layer.activation ? layer.activation.apply(back) : back;
}

/** How long a side is after a window moved along it. */
export function placesAlong(layer: ConvLayer, axis: number, length: number | null): number | null {
  if (length === null) return null;
  const { kernelSize, dilationRate, strides, padding } = layer;
  const reach = (kernelSize[axis]! - 1) * dilationRate[axis]! + 1;
  return Math.ceil((padding === "valid" ? length - reach + 1 : length) / strides[axis]!);
}

/** Resizes as TensorFlow 2 and Keras do, with pixels' centres at halves. */
export function resize(images: Tensor, size: [number, number], interpolation: string): Tensor {
  const { image } = tf();
  return interpolation === "nearest"
    ? image.resizeNearestNeighbor(images as Tensor4D, size, false, true)
    : image.resizeBilinear(images as Tensor4D, size, false, true);
}

/** The middle of `[batch, height, width, channels]`; what is left over is one more at the bottom and the right. */
export function cropMiddle(images: Tensor, height: number, width: number): Tensor {
  const [batch, oldHeight, oldWidth, channels] = images.shape as [number, number, number, number];
  if (oldHeight === height && oldWidth === width) return images;
  const begin = [0, (oldHeight - height) >> 1, (oldWidth - width) >> 1, 0];
  return tf().slice(images, begin, [batch, height, width, channels]);
}

/** The greatest part of the middle with this ratio of height to width. As `keras.layers.Resizing`. */
export function cropToRatio(images: Tensor, height: number, width: number): Tensor {
  const [, oldHeight, oldWidth] = images.shape as [number, number, number, number];
  const atLeastOne = (length: number, most: number) => Math.max(1, Math.min(most, Math.floor(length)));
  const cropped = [atLeastOne(oldWidth * height / width, oldHeight), atLeastOne(oldHeight * width / height, oldWidth)];
  return cropMiddle(images, cropped[0]!, cropped[1]!);
}
