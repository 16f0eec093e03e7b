import { tf } from "../../backend/tf.ts";
import type { TfjsLayer } from "../make_layer.ts";
import { cropMiddle, cropToRatio, one, resize } from "./tfjs_parts.ts";

/**
 * As `keras.layers.CenterCrop`: the middle, or where that is too small all that has the ratio, resized. tfjs's own reads
 * pixels beside the middle, and has no gradient.
 */
export function improveCenterCrop(layer: TfjsLayer): void {
  const { height, width } = layer as TfjsLayer & { readonly height: number; readonly width: number };
  layer.call = (inputs) =>
    tf().tidy(() => {
      const images = one(inputs), [, oldHeight, oldWidth] = images.shape as [number, number, number, number];
      if (oldHeight >= height && oldWidth >= width) return tf().clone(cropMiddle(images, height, width));
      return resize(cropToRatio(images, height, width), [height, width], "bilinear");
    });
}
