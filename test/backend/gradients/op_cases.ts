import type { Tensor } from "@tensorflow/tfjs-core";
import { type TF, tf } from "../../../src/backend/tf.ts";

/** An operation, and the shapes of what it is differentiated by. */
export interface OpCase {
  readonly shapes: readonly (readonly number[])[];
  readonly op: (...x: never[]) => Tensor;
  /** Values that it is defined at: `positive` ones, or `unit` between -1 and 1; any, where left out. */
  readonly domain?: "positive" | "unit";
}
type AnyOp = (...operands: unknown[]) => Tensor;

const unary = (names: string, domain?: OpCase["domain"]): Record<string, OpCase> =>
  Object.fromEntries(
    names.split(" ").map((name) => [name, {
      shapes: [[3, 4]],
      op: (x: never) => (tf() as unknown as Record<string, AnyOp>)[name]!(x),
      ...(domain ? { domain } : {}),
    }]),
  );

/** With the same shapes, and with each operand broadcast against the other. */
const binary = (names: string, domain?: OpCase["domain"]): Record<string, OpCase> =>
  Object.fromEntries(
    names.split(" ").flatMap((name) =>
      [[[2, 3], [2, 3]], [[2, 1, 3], [4, 1]], [[3], [2, 3]], [[2, 3], []]].map((shapes) => [
        `${name} ${JSON.stringify(shapes)}`,
        {
          shapes,
          op: (a: never, b: never) => (tf() as unknown as Record<string, AnyOp>)[name]!(a, b),
          ...(domain ? { domain } : {}),
        },
      ])
    ),
  );

type Op = (tf: TF, ...x: never[]) => Tensor;
const of = (shapes: number[][], op: (tf: TF, a: Tensor, b: Tensor, c: Tensor) => unknown): OpCase => ({
  shapes,
  op: ((...x: never[]) => (op as unknown as Op)(tf(), ...x)) as OpCase["op"],
});
const ints = (tf: TF, values: number[], shape: number[]) => tf.tensor(values, shape, "int32");
const image = [2, 5, 4, 2];

const resizes: Record<string, OpCase> = Object.fromEntries(
  (["resizeBilinear", "resizeNearestNeighbor"] as const).flatMap((name) =>
    [[10, 8], [3, 3], [7, 2], [1, 9]].flatMap((size) =>
      [[false, false], [true, false], [false, true]].map(([corners, centers]) => [
        `${name} to ${size}${corners ? ", corners aligned" : ""}${centers ? ", pixels' centres" : ""}`,
        of([image], (tf, x) => tf.image[name](x as never, size as [number, number], corners, centers)),
      ])
    )
  ),
);

const dilations: Record<string, OpCase> = Object.fromEntries(
  ([[1, "valid"], [[2, 1], "same"], [3, "same"], [[1, 2], "valid"], [2, [[0, 0], [1, 2], [2, 0], [0, 0]]]] as const)
    .flatMap(([rate, pad]) => [
      [
        `conv2d, dilation ${rate}, ${JSON.stringify(pad)}`,
        of(
          [[2, 8, 7, 2], [3, 2, 2, 3]],
          (tf, x, w) => tf.conv2d(x as never, w as never, 1, pad as never, "NHWC", rate as never),
        ),
      ],
      ...(Array.isArray(pad) ? [] : [[
        `depthwiseConv2d, dilation ${rate}, ${pad}`,
        of(
          [[2, 8, 7, 2], [3, 2, 2, 2]],
          (tf, x, w) => tf.depthwiseConv2d(x as never, w as never, 1, pad as never, "NHWC", rate as never),
        ),
      ]]),
    ]) as [string, OpCase][],
);

/** Every operation of tfjs that a net may be made of, with what its gradient depends on. */
export const opCases: Readonly<Record<string, OpCase>> = {
  ...unary("abs neg exp expm1 sin cos sinh cosh tanh asinh atan sigmoid softplus square elu selu relu leakyRelu erf"),
  ...unary("logSigmoid softmax logSoftmax sum mean max min prod logSumExp euclideanNorm reverse zerosLike onesLike"),
  ...unary("floor ceil round sign step cumsum cumprod transpose relu6"),
  ...unary("log log1p sqrt rsqrt reciprocal", "positive"),
  ...unary("asin acos atanh tan", "unit"),
  ...binary("add sub mul maximum minimum squaredDifference atan2"),
  ...binary("div pow", "positive"),
  prelu: of([[2, 3, 4], [3, 1]], (tf, x, a) => tf.prelu(x, a)),
  "where greater": of([[3, 4], [4]], (tf, x, y) => tf.where(tf.greater(x, y), x, tf.square(y))),
  "where less, or": of([[3, 4]], (tf, x) => tf.where(tf.logicalOr(tf.less(x, 0), tf.equal(x, 1)), x, tf.square(x))),
  clipByValue: of([[3, 4]], (tf, x) => tf.clipByValue(x, -0.12, 0.12)),
  matMul: of([[3, 4], [4, 2]], (tf, a, b) => tf.matMul(a, b)),
  "matMul, both turned": of([[2, 4, 3], [2, 2, 4]], (tf, a, b) => tf.matMul(a, b, true, true)),
  "matMul, left turned": of([[2, 4, 3], [2, 4, 2]], (tf, a, b) => tf.matMul(a, b, true)),
  "matMul, right turned": of([[2, 3, 4], [2, 2, 4]], (tf, a, b) => tf.matMul(a, b, false, true)),
  "matMul, broadcast": of([[2, 3, 2, 4], [1, 3, 4, 2]], (tf, a, b) => tf.matMul(a, b)),
  "matMul, of fewer dimensions": of([[2, 3, 2, 4], [4, 2]], (tf, a, b) => tf.matMul(a, b)),
  "einsum ij,jk->ik": of([[2, 3], [3, 4]], (tf, a, b) => tf.einsum("ij,jk->ik", a, b)),
  "einsum attention": of([[2, 3, 2, 4], [2, 5, 2, 4]], (tf, a, b) => tf.einsum("bqhd,bkhd->bhqk", a, b)),
  "einsum, values": of([[2, 2, 3, 5], [2, 5, 2, 4]], (tf, a, b) => tf.einsum("bhqk,bkhd->bqhd", a, b)),
  "einsum, outer": of([[2], [3]], (tf, a, b) => tf.einsum("i,j->ji", a, b)),
  "einsum, summed alone": of([[2, 3], [3, 4]], (tf, a, b) => tf.einsum("ij,jk->i", a, b)),
  "einsum i,jk->ij": of([[2], [3, 4]], (tf, a, b) => tf.einsum("i,jk->ij", a, b)),
  "einsum of one": of([[2, 3, 4]], (tf, a) => tf.einsum("ijk->ki", a)),
  "einsum to a scalar": of([[3], [3]], (tf, a, b) => tf.einsum("i,i->", a, b)),
  gather: of([[4, 3]], (tf, x) => tf.gather(x, ints(tf, [3, 0, 3], [3]))),
  "gather of a matrix of places": of([[4, 3]], (tf, x) => tf.gather(x, ints(tf, [3, 0, 3, 1], [2, 2]))),
  "gather, axis 1": of([[2, 4, 3]], (tf, x) => tf.gather(x, ints(tf, [3, 0, 3], [3]), 1)),
  "gather, axis -1": of([[2, 4, 3]], (tf, x) => tf.gather(x, ints(tf, [2, 2], [2]), -1)),
  "gather, one batch": of([[2, 4, 3]], (tf, x) => tf.gather(x, ints(tf, [3, 0, 1, 1], [2, 2]), 1, 1)),
  "gather, one batch, axis 2": of([[2, 3, 4]], (tf, x) => tf.gather(x, ints(tf, [3, 0, 1, 1], [2, 2]), 2, 1)),
  gatherND: of([[3, 4, 2]], (tf, x) => tf.gatherND(x, ints(tf, [0, 1, 2, 3, 0, 1], [3, 2]))),
  scatterND: of([[3, 2]], (tf, x) => tf.scatterND(ints(tf, [0, 3, 0], [3, 1]), x, [5, 2])),
  tensorScatterUpdate: of([[5, 2], [2, 2]], (tf, x, y) => tf.tensorScatterUpdate(x, ints(tf, [3, 0], [2, 1]), y)),
  unsortedSegmentSum: of([[4, 2]], (tf, x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1, 2], "int32"), 3)),
  slice: of([[4, 5]], (tf, x) => tf.slice(x, [1, 2], [2, 3])),
  stridedSlice: of([[6, 5]], (tf, x) => tf.stridedSlice(x, [1, 0], [6, 5], [2, 3])),
  "stridedSlice, backwards": of([[6, 5]], (tf, x) => tf.stridedSlice(x, [5, 4], [0, 0], [-2, -1])),
  "stridedSlice, masks": of([[6, 5]], (tf, x) => tf.stridedSlice(x, [2, 1], [3, 4], [1, 2], 0, 2, 0, 0, 1)),
  topk: of([[3, 5]], (tf, x) => tf.topk(x, 2).values),
  "topk, unsorted rows of rows": of([[2, 2, 5]], (tf, x) => tf.topk(x, 3, false).values),
  "cumsum, axis 0": of([[3, 4]], (tf, x) => tf.cumsum(x, 0)),
  "cumsum, axis 0 of 3, exclusive, reverse": of([[3, 2, 2]], (tf, x) => tf.cumsum(x, 0, true, true)),
  "cumsum, axis 1 of 3": of([[3, 4, 2]], (tf, x) => tf.cumsum(x, 1)),
  "cumprod, axis 1": of([[3, 4]], (tf, x) => tf.cumprod(x, 1)),
  "cumprod, exclusive": of([[3, 4, 2]], (tf, x) => tf.cumprod(x, 1, true)),
  "cumprod, reverse": of([[3, 4]], (tf, x) => tf.cumprod(x, 0, false, true)),
  "cumprod, exclusive, reverse": of([[3, 4]], (tf, x) => tf.cumprod(x, 1, true, true)),
  "prod, axis 0": of([[3, 2, 2]], (tf, x) => tf.prod(x, 0)),
  depthToSpace: of([[2, 3, 2, 8]], (tf, x) => tf.depthToSpace(x as never, 2)),
  mirrorPad: of([[3, 4]], (tf, x) => tf.mirrorPad(x, [[1, 2], [0, 3]], "reflect")),
  "mirrorPad, symmetric": of([[2, 3, 4]], (tf, x) => tf.mirrorPad(x, [[1, 0], [2, 3], [0, 0]], "symmetric")),
  pad: of([[2, 3]], (tf, x) => tf.pad(x, [[1, 0], [2, 1]])),
  tile: of([[2, 3]], (tf, x) => tf.tile(x, [2, 3])),
  "tile of 5 dimensions": of([[1, 2, 1, 2, 1]], (tf, x) => tf.tile(x, [2, 1, 3, 2, 1])),
  broadcastTo: of([[2, 1, 3]], (tf, x) => tf.broadcastTo(x, [4, 2, 5, 3])),
  concat: of([[2, 3], [2, 2]], (tf, a, b) => tf.concat([a, b], 1)),
  stack: of([[2, 3], [2, 3]], (tf, a, b) => tf.stack([a, b], 1)),
  split: of([[2, 4]], (tf, x) => tf.split(x, 2, 1)[1]),
  unstack: of([[3, 2]], (tf, x) => tf.unstack(x, 0)[2]),
  addN: of([[2, 3], [2, 3]], (tf, a, b) => tf.addN([a, b])),
  mod: of([[3, 4]], (tf, x) => tf.mod(x, 0.33)),
  floorDiv: of([[3, 4]], (tf, x) => tf.add(tf.floorDiv(x, 0.33), x)),
  "max, one axis": of([[3, 4, 2]], (tf, x) => tf.max(x, 1)),
  "min, two axes": of([[3, 4, 2]], (tf, x) => tf.min(x, [0, 2])),
  "mean, one axis": of([[3, 4, 2]], (tf, x) => tf.mean(x, 1, true)),
  "sum, two axes": of([[3, 4, 2]], (tf, x) => tf.sum(x, [0, 2])),
  moments: of([[3, 4, 2]], (tf, x) => tf.moments(x, [0, 1]).variance),
  norm: of([[3, 4]], (tf, x) => tf.norm(x, 2, 1)),
  batchNorm: of([[3, 2], [2], [2]], (tf, x, m, s) => tf.batchNorm(x, m, tf.ones([2]), m, s)),
  "batchNorm of the middle": of(
    [[2, 3, 2, 2], [1, 3, 1, 1], [1, 3, 1, 1]],
    (tf, x, m, v) => tf.batchNorm(x, m, tf.add(tf.square(v), 0.5), m, v),
  ),
  localResponseNormalization: of([[2, 2, 2, 6]], (tf, x) => tf.localResponseNormalization(x as never, 2)),
  spaceToBatchND: of([[2, 4, 3, 1]], (tf, x) => tf.spaceToBatchND(x, [2, 2], [[0, 0], [1, 0]])),
  batchToSpaceND: of([[4, 2, 2, 1]], (tf, x) => tf.batchToSpaceND(x, [2, 2], [[0, 1], [1, 0]])),
  conv2dTranspose: of(
    [[2, 3, 3, 2], [3, 2, 4, 2]],
    (tf, x, w) => tf.conv2dTranspose(x as never, w as never, [2, 7, 6, 4], 2, "valid"),
  ),
  conv3dTranspose: of(
    [[1, 2, 2, 2, 2], [2, 3, 2, 3, 2]],
    (tf, x, w) => tf.conv3dTranspose(x as never, w as never, [1, 4, 5, 4, 3], 2, "valid"),
  ),
  "conv3d, dilation": of(
    [[1, 5, 6, 5, 2], [2, 2, 2, 2, 3]],
    (tf, x, w) => tf.conv3d(x as never, w as never, 1, "valid", "NDHWC", [2, 1, 3]),
  ),
  "conv1d, dilation": of([[2, 9, 2], [3, 2, 3]], (tf, x, w) => tf.conv1d(x as never, w as never, 1, "same", "NWC", 3)),
  ...dilations,
  ...resizes,
};
