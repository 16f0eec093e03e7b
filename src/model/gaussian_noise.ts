import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { layerOptions } from "./layer_options.ts";
import { drawNormal, NoiseLayer } from "./noise_layer.ts";

const schema = layerOptions.gaussianNoise;

/** Adds normal noise of standard deviation `stddev` in training (`keras.layers.GaussianNoise`). */
export class GaussianNoise extends NoiseLayer<typeof schema> {
  static override schema: typeof schema = schema;
  stddev: number = this.options.stddev;

  protected override get active(): boolean {
    return this.stddev > 0;
  }

  protected override disturb(x: Tensor): Tensor {
    return tf().add(x, drawNormal(this.random, x.shape, 0, this.stddev));
  }
}
