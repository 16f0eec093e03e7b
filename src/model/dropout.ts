import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { layerOptions } from "./layer_options.ts";
import { drawMask, NoiseLayer } from "./noise_layer.ts";

const schema = layerOptions.dropout;

/**
 * Zeroes a share `rate` of the elements in training and scales the others by 1 / (1 - rate). `noiseShape` (`null` for
 * the length that is there) draws one mask for all along a dimension of 1.
 * N. Srivastava et al., JMLR 15 (2014).
 */
export class Dropout extends NoiseLayer<typeof schema> {
  static override schema: typeof schema = schema;
  rate: number = this.options.rate;

  protected override get active(): boolean {
    return this.rate > 0;
  }

  protected override disturb(x: Tensor): Tensor {
    const shape = this.options.noiseShape?.map((length, i) => length ?? x.shape[i]!) ?? x.shape;
    return tf().mul(x, drawMask(this.random, shape, this.rate, 1 / (1 - this.rate)));
  }
}
