import { activations } from "./kernels/activations.ts";
import { batchNorm } from "./kernels/batch_norm.ts";
import { conv2d } from "./kernels/conv2d.ts";
import { conv3d } from "./kernels/conv3d.ts";
import { crossentropy } from "./kernels/crossentropy.ts";
import { matmul } from "./kernels/matmul.ts";
import { optimizers } from "./kernels/optimizers.ts";
import { pooling } from "./kernels/pooling.ts";
import { pooling3d } from "./kernels/pooling_3d.ts";
import { recurrent } from "./kernels/recurrent.ts";
import { reductions } from "./kernels/reductions.ts";
import type { Family } from "./machine.ts";

/** Every family of our kernels for TensorFlow. */
export const families: readonly Family[] = [
  activations,
  batchNorm,
  conv2d,
  conv3d,
  crossentropy,
  matmul,
  optimizers,
  pooling,
  pooling3d,
  recurrent,
  reductions,
];
