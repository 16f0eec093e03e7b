import { tf } from "../../backend/tf.ts";
import type { TfjsLayer } from "../make_layer.ts";
import { cropToRatio, one, resize } from "./tfjs_parts.ts";

interface ResizingLayer extends TfjsLayer {
  readonly height: number;
  readonly width: number;
  readonly interpolation: string;
  readonly cropToAspectRatio: boolean;
}

/** As `keras.layers.Resizing`: tfjs aligns corners instead, and crops nothing. */
export function improveResizing(layer: TfjsLayer): void {
  const { height, width, interpolation, cropToAspectRatio } = layer as ResizingLayer;
  layer.call = (inputs) =>
    tf().tidy(() => {
      const images = one(inputs);
      return resize(cropToAspectRatio ? cropToRatio(images, height, width) : images, [height, width], interpolation);
    });
}
