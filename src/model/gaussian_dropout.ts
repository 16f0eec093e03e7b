import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { layerOptions } from "./layer_options.ts";
import { drawNormal, NoiseLayer } from "./noise_layer.ts";

const schema = layerOptions.gaussianDropout;

/** Multiplies by normal numbers of mean 1 and variance rate / (1 - rate) in training (N. Srivastava et al., 2014). */
export class GaussianDropout extends NoiseLayer<typeof schema> {
  static override schema: typeof schema = schema;
  rate: number = this.options.rate;

  protected override get active(): boolean {
    return this.rate > 0;
  }

  protected override disturb(x: Tensor): Tensor {
    return tf().mul(x, drawNormal(this.random, x.shape, 1, Math.sqrt(this.rate / (1 - this.rate))));
  }
}
