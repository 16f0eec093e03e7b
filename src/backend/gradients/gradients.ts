import type { TF } from "../tf.ts";
import { activations } from "./activations.ts";
import { batchNorm } from "./batch_norm.ts";
import { conv3d, conv3dTranspose } from "./conv3d.ts";
import { cumprod, cumsum } from "./cumulative.ts";
import { depthToSpace } from "./depth_to_space.ts";
import { conv2d, depthwiseConv2d } from "./dilated_conv2d.ts";
import { einsum } from "./einsum.ts";
import { gather } from "./gather.ts";
import { gatherNd, scatterNd, tensorScatterUpdate } from "./gather_nd.ts";
import type { Gradient } from "./gradient.ts";
import { matmul } from "./matmul.ts";
import { maximum, minimum } from "./maximum.ts";
import { mirrorPad } from "./mirror_pad.ts";
import { resizeBilinear, resizeNearest } from "./resize.ts";
import { squaredDifference } from "./squared_difference.ts";
import { steps } from "./steps.ts";
import { stridedSlice } from "./strided_slice.ts";
import { tile } from "./tile.ts";
import { topK } from "./top_k.ts";

/** The gradients that tfjs lacks or has wrong. */
const gradients: readonly Gradient[] = [
  ...activations,
  batchNorm,
  conv2d,
  conv3d,
  conv3dTranspose,
  cumprod,
  cumsum,
  depthToSpace,
  depthwiseConv2d,
  einsum,
  gather,
  gatherNd,
  matmul,
  maximum,
  minimum,
  mirrorPad,
  resizeBilinear,
  resizeNearest,
  scatterNd,
  squaredDifference,
  ...steps,
  stridedSlice,
  tensorScatterUpdate,
  tile,
  topK,
];

/** Puts our gradients in the place of tfjs's, for every backend, once. */
export function registerGradients(tf: TF): void {
  for (const gradient of gradients) tf.registerGradient(gradient(tf));
}
