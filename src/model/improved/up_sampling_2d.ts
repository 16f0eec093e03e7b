import { tf } from "../../backend/tf.ts";
import type { TfjsLayer } from "../make_layer.ts";
import { type ConvLayer, one, resize, withChannelsLast } from "./tfjs_parts.ts";

interface UpSamplingLayer extends TfjsLayer {
  readonly size: [number, number];
  readonly interpolation: string;
  readonly dataFormat: ConvLayer["dataFormat"];
}

/** Between pixels as Keras: with their centres at halves. */
export function improveUpSampling2d(layer: TfjsLayer): void {
  const { size, interpolation } = layer as UpSamplingLayer;
  layer.call = (inputs) =>
    tf().tidy(() =>
      withChannelsLast(layer as ConvLayer, one(inputs), (x) => {
        const [, height, width] = x.shape as [number, number, number, number];
        return resize(x, [height * size[0], width * size[1]], interpolation);
      })
    );
}
