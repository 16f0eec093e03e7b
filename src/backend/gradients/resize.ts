import type { Tensor } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import type { Gradient } from "./gradient.ts";

type Weights = (old: number, next: number, alignCorners: boolean, halfPixelCenters: boolean) => Float32Array;

/**
 * Resizing is a product with a matrix along each side, its gradient one with the matrix turned round. tfjs's own kernels
 * overlook half pixel centres, and on the cpu backend they are wrong.
 */
const resized = (kernelName: string, weights: Weights): Gradient => (tf) => ({
  kernelName,
  inputsToSave: ["images"],
  gradFunc: (dy, [images], { alignCorners, halfPixelCenters }) => ({
    images: () => {
      const [, height, width] = images!.shape as [number, number, number];
      const [, newHeight, newWidth] = (dy as Tensor).shape as [number, number, number];
      const matrix = (old: number, next: number) =>
        tf.tensor(weights(old, next, alignCorners as boolean, halfPixelCenters as boolean), [1, next, old]);
      const rows = alongRows(tf, dy as Tensor, matrix(height, newHeight));
      return alongColumns(tf, rows, matrix(width, newWidth));
    },
  }),
});

/** `[batch, newHeight, width, channels]` to the old height. */
function alongRows(tf: TF, dy: Tensor, matrix: Tensor): Tensor {
  const [batch, next, width, channels] = dy.shape as [number, number, number, number];
  const rows = tf.matMul(matrix, tf.reshape(dy, [batch, next, width * channels]), true, false);
  return tf.reshape(rows, [batch, matrix.shape[2]!, width, channels]);
}

/** `[batch, height, newWidth, channels]` to the old width. */
function alongColumns(tf: TF, dy: Tensor, matrix: Tensor): Tensor {
  const [batch, height, next, channels] = dy.shape as [number, number, number, number];
  const columns = tf.matMul(matrix, tf.reshape(dy, [batch * height, next, channels]), true, false);
  return tf.reshape(columns, [batch, height, matrix.shape[2]!, channels]);
}

/** How many old steps one new step is. */
const scaleOf = (old: number, next: number, alignCorners: boolean): number =>
  alignCorners && next > 1 ? (old - 1) / (next - 1) : old / next;

/** What share each old place (columns) has in each new one (rows): a line between the two nearest. */
const bilinear: Weights = (old, next, alignCorners, halfPixelCenters) => {
  const scale = scaleOf(old, next, alignCorners), weights = new Float32Array(next * old);
  for (let i = 0; i < next; i++) {
    const at = Math.max(0, halfPixelCenters ? (i + 0.5) * scale - 0.5 : i * scale);
    const low = Math.min(old - 1, Math.floor(at)), high = Math.min(old - 1, low + 1), share = at - low;
    weights[i * old + low]! += 1 - share;
    weights[i * old + high]! += share;
  }
  return weights;
};

/** As {@linkcode bilinear}, all of it from the nearest place. */
const nearest: Weights = (old, next, alignCorners, halfPixelCenters) => {
  const scale = scaleOf(old, next, alignCorners), weights = new Float32Array(next * old);
  for (let i = 0; i < next; i++) {
    const at = (halfPixelCenters ? i + 0.5 : i) * scale;
    weights[i * old + Math.min(old - 1, alignCorners ? Math.round(at) : Math.floor(at))] = 1;
  }
  return weights;
};

/** `tf.image.resizeBilinear`. */
export const resizeBilinear: Gradient = resized("ResizeBilinear", bilinear);

/** `tf.image.resizeNearestNeighbor`. */
export const resizeNearest: Gradient = resized("ResizeNearestNeighbor", nearest);
