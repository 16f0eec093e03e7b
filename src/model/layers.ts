import { AlphaDropout } from "./alpha_dropout.ts";
import { Dropout } from "./dropout.ts";
import { GaussianDropout } from "./gaussian_dropout.ts";
import { GaussianNoise } from "./gaussian_noise.ts";
import type { Layer } from "./layer.ts";
import { described } from "./layer_description.ts";
import type { LayerDescription } from "./layer_options.ts";
import { SpatialDropout } from "./spatial_dropout.ts";
import { TfLayer } from "./tf_layer.ts";

// deno-lint-ignore no-explicit-any
type Options = any;

/** The layers that are ours; every other one is tfjs's. */
const own: Readonly<Record<string, (options: Options) => Layer>> = {
  dropout: (options) => new Dropout(options) as unknown as Layer,
  spatialDropout1d: (options) => new SpatialDropout(options) as unknown as Layer,
  spatialDropout2d: (options) => new SpatialDropout(options) as unknown as Layer,
  gaussianNoise: (options) => new GaussianNoise(options) as unknown as Layer,
  gaussianDropout: (options) => new GaussianDropout(options) as unknown as Layer,
  alphaDropout: (options) => new AlphaDropout(options) as unknown as Layer,
};

/** The Module for a layer that a configuration describes. */
export function layerOf(description: LayerDescription): Layer {
  const { type, options } = described(description);
  return Object.hasOwn(own, type) ? own[type]!(options) : new TfLayer({ type, options }) as unknown as Layer;
}
