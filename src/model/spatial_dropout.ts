import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { layerOptions } from "./layer_options.ts";
import { drawMask, NoiseLayer } from "./noise_layer.ts";

const schema = layerOptions.spatialDropout2d;

/**
 * Dropout of whole channels (the last dimension), as `spatialDropout1d` of sequences and `spatialDropout2d` of images.
 * J. Tompson et al., CVPR 2015.
 */
export class SpatialDropout extends NoiseLayer<typeof schema> {
  static override schema: typeof schema = schema;
  rate: number = this.options.rate;

  protected override get active(): boolean {
    return this.rate > 0;
  }

  protected override disturb(x: Tensor): Tensor {
    const shape = x.shape.map((length, i) => i === 0 || i === x.rank - 1 ? length : 1);
    return tf().mul(x, drawMask(this.random, shape, this.rate, 1 / (1 - this.rate)));
  }
}
