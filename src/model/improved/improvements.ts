import { type TfjsLayer, within } from "../make_layer.ts";
import { improveBatchNormalization } from "./batch_normalization.ts";
import { improveCenterCrop } from "./center_crop.ts";
import { improveConv1d } from "./conv1d.ts";
import { improveConv2d } from "./conv2d.ts";
import { improveConv3d } from "./conv3d.ts";
import { improveConv3dTranspose } from "./conv3d_transpose.ts";
import { improveDense } from "./dense.ts";
import { improveDepthwiseConv2d } from "./depthwise_conv2d.ts";
import { improveLayerNormalization } from "./layer_normalization.ts";
import { improveRecurrent } from "./recurrent.ts";
import { improveReshape } from "./reshape.ts";
import { improveResizing } from "./resizing.ts";
import { improveSeparableConv2d } from "./separable_conv2d.ts";
import { improveSoftmax } from "./softmax.ts";
import { improveTimeDistributed } from "./time_distributed.ts";
import { improveUpSampling2d } from "./up_sampling_2d.ts";

/** Puts something better in the place of what a layer of tfjs does, on the instance: its `call`, mostly. */
export type Improvement = (layer: TfjsLayer) => void;

/** What is done better than tfjs does it, by tfjs's name of the layer's class (`BatchNormalization`, `LSTM`). */
const improvements: Readonly<Record<string, Improvement>> = {
  BatchNormalization: improveBatchNormalization,
  CenterCrop: improveCenterCrop,
  Conv1D: improveConv1d,
  Conv2D: improveConv2d,
  Conv3D: improveConv3d,
  Conv3DTranspose: improveConv3dTranspose,
  Dense: improveDense,
  DepthwiseConv2D: improveDepthwiseConv2d,
  LayerNormalization: improveLayerNormalization,
  GRU: improveRecurrent,
  LSTM: improveRecurrent,
  RNN: improveRecurrent,
  SimpleRNN: improveRecurrent,
  Reshape: improveReshape,
  Resizing: improveResizing,
  SeparableConv2D: improveSeparableConv2d,
  Softmax: improveSoftmax,
  TimeDistributed: improveTimeDistributed,
  UpSampling2D: improveUpSampling2d,
};

/** Improves a layer and those inside it, once, when it was made and before its weights are. Gives the layer. */
export function improved(layer: TfjsLayer): TfjsLayer {
  for (const [, part] of within(layer)) improvements[part.getClassName()]?.(part);
  return layer;
}
