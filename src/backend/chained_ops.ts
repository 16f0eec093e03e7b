import type { Tensor } from "@tensorflow/tfjs-core";
import type { TF } from "./tf.ts";

/** Operations that are methods of a tensor too: `x.mul(y)` for `tf.mul(x, y)`. */
const names = (`abs acos acosh add all any argMax argMin asin asinh atan atan2 atanh avgPool batchToSpaceND broadcastTo
  cast ceil clipByValue conv1d conv2d conv2dTranspose cos cosh cumprod cumsum depthToSpace depthwiseConv2d dilation2d div
  divNoNan dot elu equal erf euclideanNorm exp expandDims expm1 floor floorDiv gather greater greaterEqual isFinite isInf
  isNaN leakyRelu less lessEqual localResponseNormalization log log1p logSigmoid logSoftmax logSumExp logicalAnd
  logicalNot logicalOr logicalXor matMul max maxPool maximum mean min minimum mirrorPad mod mul neg norm notEqual oneHot
  onesLike pad pool pow prelu prod reciprocal relu relu6 reshape reverse round rsqrt selu separableConv2d sigmoid sign
  sin sinh slice softmax softplus spaceToBatchND split sqrt square squaredDifference squeeze step stridedSlice sub sum
  tan tanh tile topk transpose unique unsortedSegmentSum unstack zerosLike`).split(/\s+/);

type Operation = (...operands: unknown[]) => unknown;

/**
 * Gives tensors their methods. They come with the package `@tensorflow/tfjs` only, yet tfjs's own layers use some of
 * them (the orthogonal initializer, for one).
 */
export function chainOps(tf: TF): void {
  const operations = tf as unknown as Record<string, Operation>;
  const methods: Record<string, Operation> = {};
  for (const name of names) methods[name] = (...operands) => operations[name]!(...operands);
  Object.assign(methods, reshaping(tf));
  for (const [name, method] of Object.entries(methods)) {
    if (name in tf.Tensor.prototype) continue;
    const value = function (this: Tensor, ...operands: unknown[]) {
      return method(this, ...operands);
    };
    Object.defineProperty(tf.Tensor.prototype, name, { value, writable: true, configurable: true });
  }
}

/** The methods that are not an operation of their name. */
function reshaping(tf: TF): Record<string, Operation> {
  const reshape = (x: unknown, shape: readonly number[]) => tf.reshape(x as Tensor, [...shape]);
  const others = (x: unknown) => [x].flat() as Tensor[];
  const as = (x: unknown, ...shape: unknown[]) => reshape(x, shape as number[]);
  return {
    asScalar: (x) => reshape(x, []),
    asType: (x, dtype) => tf.cast(x as Tensor, dtype as "int32"),
    as1D: (x) => reshape(x, [-1]),
    flatten: (x) => reshape(x, [-1]),
    as2D: as,
    as3D: as,
    as4D: as,
    as5D: as,
    reshapeAs: (x, other) => reshape(x, (other as Tensor).shape),
    resizeBilinear: (x, ...rest) => (tf.image.resizeBilinear as Operation)(x, ...rest),
    resizeNearestNeighbor: (x, ...rest) => (tf.image.resizeNearestNeighbor as Operation)(x, ...rest),
    concat: (x, other, axis) => tf.concat([x as Tensor, ...others(other)], axis as number),
    stack: (x, other, axis) => tf.stack([x as Tensor, ...others(other)], axis as number),
    where: (x, condition, other) => tf.where(condition as Tensor, x as Tensor, other as Tensor),
    toBool: (x) => tf.cast(x as Tensor, "bool"),
    toFloat: (x) => tf.cast(x as Tensor, "float32"),
    toInt: (x) => tf.cast(x as Tensor, "int32"),
  };
}
