import type { Tensor, Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { batchNormTrain } from "../../backend/ops/batch_norm_train.ts";
import { tf } from "../../backend/tf.ts";
import type { TfjsLayer } from "../make_layer.ts";
import { one, type Weight } from "./tfjs_parts.ts";

interface NormalizationLayer extends TfjsLayer {
  readonly axis: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly gamma?: Weight | null;
  readonly beta?: Weight | null;
  readonly movingMean: MovingWeight;
  readonly movingVariance: MovingWeight;
}

interface MovingWeight extends Weight {
  write(value: Tensor): unknown;
}

/**
 * In training one fused operation, else one affine step by the moving statistics; for any rank, with or without gamma
 * and beta, without which tfjs's own fails in training. The moving variance is of the biased ones, as in Keras.
 */
export function improveBatchNormalization(layer: TfjsLayer): void {
  const own = layer as NormalizationLayer;
  layer.call = (inputs, { training }) =>
    tf().tidy(() => withAxisLast(one(inputs), own.axis, (x) => training === true ? trained(own, x) : fixed(own, x)));
}

function trained(layer: NormalizationLayer, x: Tensor): Tensor {
  const { gamma, beta, epsilon, momentum, movingMean, movingVariance } = layer;
  const { y, mean, variance } = batchNormTrain(x, gamma?.read(), beta?.read(), epsilon);
  move(movingMean, mean, momentum);
  move(movingVariance, variance, momentum);
  return y;
}

/** Moves a statistic towards that of a batch. */
function move(moving: MovingWeight, batch: Tensor, momentum: number): void {
  const old = moving.read();
  moving.write(tf().sub(old, tf().mul(tf().sub(old, batch), 1 - momentum)));
}

function fixed({ gamma, beta, epsilon, movingMean, movingVariance }: NormalizationLayer, x: Tensor): Tensor {
  const ways = x.shape.at(-1)!, rows = tf().reshape(x, [-1, ways]) as Tensor2D;
  // tfjs can't take the gradient where a scale or a shift isn't there.
  const [scale, shift] = [gamma?.read() ?? tf().ones([ways]), beta?.read() ?? tf().zeros([ways])] as [
    Tensor1D,
    Tensor1D,
  ];
  const [mean, variance] = [movingMean.read(), movingVariance.read()] as [Tensor1D, Tensor1D];
  return tf().reshape(tf().batchNorm2d(rows, mean, variance, shift, scale, epsilon), x.shape);
}

/** Computes with an axis last, and gives it where it was. */
function withAxisLast(x: Tensor, axis: number, compute: (last: Tensor) => Tensor): Tensor {
  const at = (axis + x.rank) % x.rank;
  if (at === x.rank - 1) return compute(x);
  const order = [...x.shape.keys()].filter((each) => each !== at).concat(at);
  return tf().transpose(compute(tf().transpose(x, order)), tf().backend_util.getUndoAxesPermutation(order));
}
