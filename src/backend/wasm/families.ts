import { binary } from "./binary.ts";
import { cast } from "./cast.ts";
import { conv3d } from "./conv3d.ts";
import { corrected } from "./corrected.ts";
import { depthwise } from "./depthwise.ts";
import { conv2d } from "./conv2d.ts";
import { conv2dGradients } from "./conv2d_gradients.ts";
import { identity } from "./identity.ts";
import { elementwise } from "./elementwise.ts";
import { dilation2d } from "./dilation2d.ts";
import { einsum } from "./einsum.ts";
import { gather } from "./gather.ts";
import type { Family } from "./kernel.ts";
import { matmul } from "./matmul.ts";
import { layerNormalization } from "./layer_normalization.ts";
import { layout } from "./layout.ts";
import { normalization } from "./normalization.ts";
import { optimizers } from "./optimizers.ts";
import { pooling } from "./pooling.ts";
import { recurrent } from "./recurrent.ts";
import { reductions } from "./reductions.ts";
import { unary } from "./unary.ts";

/** Every family of our kernels for the wasm backend. */
export const families: readonly Family[] = [
  matmul,
  conv2d,
  conv2dGradients,
  elementwise,
  optimizers,
  pooling,
  depthwise,
  conv3d,
  reductions,
  normalization,
  layerNormalization,
  cast,
  binary,
  unary,
  layout,
  dilation2d,
  gather,
  einsum,
  identity,
  recurrent,
  corrected,
];
