import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../backend/tf.ts";
import { mapRecord } from "../module/value.ts";

type Gradients = Record<string, Tensor>;

/** Holds each element between -limit and limit. */
export const clipByValue = (gradients: Gradients, limit: number): Gradients =>
  mapRecord(gradients, (gradient) => tf().clipByValue(gradient, -limit, limit));

/**
 * Shortens all gradients together to a Euclidean length of at most `limit`, keeping their direction
 * (PyTorch's `clip_grad_norm_`, Keras's `global_clipnorm`).
 */
export function clipByNorm(gradients: Gradients, limit: number): Gradients {
  const { addN, div, maximum, mul, sqrt, square, sum } = tf();
  const squares = Object.values(gradients).map((gradient) => sum(square(gradient)));
  if (squares.length === 0) return gradients;
  const factor = div(limit, maximum(sqrt(addN(squares)), limit));
  return mapRecord(gradients, (gradient) => mul(gradient, factor));
}
