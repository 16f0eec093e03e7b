import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { layerOptions } from "./layer_options.ts";
import { drawMask, NoiseLayer } from "./noise_layer.ts";

const schema = layerOptions.alphaDropout;

/** What SELU tends to for large negative inputs: -scale * alpha. */
const saturation = -1.0507009873554805 * 1.6732632423543772;

/**
 * Sets a share `rate` of the elements to SELU's saturation in training, then keeps mean and variance as they were.
 * G. Klambauer et al., "Self-Normalizing Neural Networks", NIPS 2017.
 */
export class AlphaDropout extends NoiseLayer<typeof schema> {
  static override schema: typeof schema = schema;
  rate: number = this.options.rate;

  protected override get active(): boolean {
    return this.rate > 0;
  }

  protected override disturb(x: Tensor): Tensor {
    const a = 1 / Math.sqrt((1 - this.rate) * (1 + this.rate * saturation ** 2));
    const kept = drawMask(this.random, x.shape, this.rate, 1);
    const { add, mul, sub } = tf();
    const disturbed = add(mul(x, kept), mul(sub(kept, 1), -saturation));
    return add(mul(disturbed, a), -a * saturation * this.rate);
  }
}
