import type { Tensor } from "@tensorflow/tfjs-core";
import { layerNorm } from "../../backend/ops/layer_norm.ts";
import { tf } from "../../backend/tf.ts";
import type { TfjsLayer } from "../make_layer.ts";
import { one, type Weight } from "./tfjs_parts.ts";

interface NormalizationLayer extends TfjsLayer {
  readonly axis: number[];
  readonly epsilon: number;
  readonly gamma: Weight | null;
  readonly beta: Weight | null;
}

/**
 * `(x - mean) / √(variance + epsilon) gamma + beta`, for any rank, with or without gamma and beta; tfjs's own fails for
 * more than four dimensions, and in training without either. J. L. Ba, J. R. Kiros, G. E. Hinton (2016).
 */
export function improveLayerNormalization(layer: TfjsLayer): void {
  const own = layer as NormalizationLayer;
  layer.call = (inputs) =>
    tf().tidy(() => {
      const { add, mean, mul, reshape, rsqrt, square, sub } = tf();
      const x = one(inputs), { axis, epsilon, gamma, beta } = own;
      if (axis.length === 1 && axis[0] === x.rank - 1) return layerNorm(x, gamma?.read(), beta?.read(), epsilon);
      const shape = x.shape.map((length, i) => axis.includes(i) ? length : 1);
      const centred = sub(x, mean(x, axis, true));
      const inverse = rsqrt(add(mean(square(centred), axis, true), epsilon));
      const along = (weight: Weight): Tensor => reshape(weight.read(), shape);
      const scaled = gamma ? mul(mul(centred, inverse), along(gamma)) : mul(centred, inverse);
      return beta ? add(scaled, along(beta)) : scaled;
    });
}
