import { z } from "zod";
import { activation, common, constraint, count, dataFormat, flag, initializer, inner } from "./layer_fields.ts";
import { interpolation, mergeMode, noDilation, noDropout, number, padding, padding1d, rate } from "./layer_fields.ts";
import { regularizer, shape, sizes, whole } from "./layer_fields.ts";

/** The options of one layer: some it needs, some it may have, and those that every layer takes. */
const options = <Needed extends z.ZodRawShape, Optional extends z.ZodRawShape>(needed: Needed, optional: Optional) =>
  z.strictObject({ ...needed, ...z.strictObject(optional).partial().shape, ...common });

const bias = { useBias: flag, biasInitializer: initializer, biasRegularizer: regularizer, biasConstraint: constraint };
const weights = {
  ...bias,
  kernelInitializer: initializer,
  kernelRegularizer: regularizer,
  kernelConstraint: constraint,
};
const window = { activation, strides: sizes, padding, dataFormat, dilationRate: sizes };
const conv = { ...weights, ...window };
const transposed = { ...conv, dilationRate: noDilation };
const depthwise = {
  depthMultiplier: count,
  depthwiseInitializer: initializer,
  depthwiseRegularizer: regularizer,
  depthwiseConstraint: constraint,
};
const pointwise = {
  pointwiseInitializer: initializer,
  pointwiseRegularizer: regularizer,
  pointwiseConstraint: constraint,
};
const pooling1d = { poolSize: sizes, strides: sizes, padding };
const pooling = { ...pooling1d, dataFormat };
const cell = {
  ...weights,
  activation,
  recurrentInitializer: initializer,
  recurrentRegularizer: regularizer,
  recurrentConstraint: constraint,
  dropout: noDropout,
  recurrentDropout: noDropout,
};
const gated = { ...cell, recurrentActivation: activation, implementation: count };
const sequence = { returnSequences: flag, goBackwards: flag, unroll: flag };
const lstm = { ...gated, unitForgetBias: flag };
const normalization = {
  axis: whole,
  epsilon: number,
  center: flag,
  scale: flag,
  betaInitializer: initializer,
  gammaInitializer: initializer,
  betaRegularizer: regularizer,
  gammaRegularizer: regularizer,
};
const kernel = { filters: count, kernelSize: sizes };
const units = { units: count };

/**
 * The layers that a Sequential takes, by the names that tf.layers gives them, with their options. Those of several
 * inputs (`add`, `concatenate`, ...) are for a net of one's own.
 */
export const layerOptions = {
  inputLayer: options({}, {}),
  dense: options({}, { ...units, ...weights, activation, inputDim: count }),
  activation: options({ activation }, {}),
  flatten: options({}, { dataFormat }),
  reshape: options({ targetShape: shape }, {}),
  permute: options({ dims: z.array(count) }, {}),
  repeatVector: options({ n: count }, {}),
  masking: options({}, { maskValue: number }),
  embedding: options({ inputDim: count, outputDim: count }, {
    embeddingsInitializer: initializer,
    embeddingsRegularizer: regularizer,
    embeddingsConstraint: constraint,
    maskZero: flag,
    inputLength: sizes,
  }),
  elu: options({}, {}),
  reLU: options({}, { maxValue: number }),
  leakyReLU: options({}, { alpha: number }),
  thresholdedReLU: options({}, { theta: number }),
  softmax: options({}, { axis: whole }),
  prelu: options({}, {
    alphaInitializer: initializer,
    alphaRegularizer: regularizer,
    alphaConstraint: constraint,
    sharedAxes: sizes,
  }),
  conv1d: options(kernel, { ...conv, padding: padding1d }),
  conv2d: options(kernel, conv),
  conv3d: options(kernel, conv),
  conv2dTranspose: options(kernel, transposed),
  conv3dTranspose: options(kernel, transposed),
  separableConv2d: options(kernel, { ...bias, ...window, ...depthwise, ...pointwise }),
  depthwiseConv2d: options({ kernelSize: sizes }, { ...bias, ...window, ...depthwise }),
  maxPooling1d: options({}, pooling1d),
  maxPooling2d: options({}, pooling),
  maxPooling3d: options({}, pooling),
  averagePooling1d: options({}, pooling1d),
  averagePooling2d: options({}, pooling),
  averagePooling3d: options({}, pooling),
  globalAveragePooling1d: options({}, {}),
  globalAveragePooling2d: options({}, { dataFormat }),
  globalMaxPooling1d: options({}, {}),
  globalMaxPooling2d: options({}, { dataFormat }),
  upSampling2d: options({}, { size: z.array(count), dataFormat, interpolation }),
  zeroPadding2d: options({}, { padding: z.union([whole, z.array(z.union([whole, z.array(whole)]))]), dataFormat }),
  cropping2D: options({ cropping: z.union([whole, z.array(z.union([whole, z.array(whole)]))]) }, { dataFormat }),
  batchNormalization: options({}, {
    ...normalization,
    momentum: number,
    movingMeanInitializer: initializer,
    movingVarianceInitializer: initializer,
    betaConstraint: constraint,
    gammaConstraint: constraint,
  }),
  layerNormalization: options({}, { ...normalization, axis: z.union([whole, z.array(whole)]) }),
  simpleRNN: options(units, { ...cell, ...sequence }),
  gru: options(units, { ...gated, ...sequence }),
  lstm: options(units, { ...lstm, ...sequence }),
  convLstm2d: options(kernel, { ...conv, ...lstm, ...sequence }),
  simpleRNNCell: options(units, cell),
  gruCell: options(units, gated),
  lstmCell: options(units, lstm),
  rnn: options({ cell: z.union([inner, z.array(inner)]) }, sequence),
  bidirectional: options({ layer: inner }, { mergeMode }),
  timeDistributed: options({ layer: inner }, {}),
  rescaling: options({ scale: number }, { offset: number }),
  resizing: options({ height: count, width: count }, { interpolation, cropToAspectRatio: flag }),
  centerCrop: options({ height: count, width: count }, {}),
  dropout: options({ rate }, { noiseShape: shape }),
  spatialDropout1d: options({ rate }, {}),
  spatialDropout2d: options({ rate }, {}),
  gaussianNoise: options({ stddev: z.number().min(0) }, {}),
  gaussianDropout: options({ rate }, {}),
  alphaDropout: options({ rate }, {}),
};

/** The name of a layer. */
export type LayerName = keyof typeof layerOptions;

/** What may be written for a layer: its name, or its name with its options. */
export type LayerDescription =
  | LayerName
  | (string & Record<never, never>)
  | { [Name in LayerName]?: z.input<(typeof layerOptions)[Name]> };
