import { fill, get, map, type Numbers } from "./array.ts";
import type { LayerDescription } from "../../../src/model/layer_options.ts";
import type { LayerCase, LayerCases } from "./layer_case.ts";
import { biased, normalized, resized, times } from "./references.ts";

const image = [4, 5, 2];
const apply = (f: (x: number) => number) => (x: Numbers): Numbers => map(x, f);
const same = (x: Numbers): Numbers => x;

/** Along these axes of an item, its batch is 0, with statistics over all others. */
const batchNormalization = (options: { axis?: number; epsilon?: number }, input: number[]): LayerCase => ({
  options,
  input,
  reference: (x, { gamma, beta }) => {
    const axis = ((options.axis ?? -1) + x.shape.length) % x.shape.length;
    const over = x.shape.map((_, i) => i).filter((i) => i !== axis);
    return normalized(x, over, [axis], { gamma, beta, ...(options.epsilon ? { epsilon: options.epsilon } : {}) });
  },
});
/** With the statistics that it has gathered. */
const fixed = (options: { axis?: number; scale?: boolean; center?: boolean }, input: number[]): LayerCase => ({
  options,
  input,
  evaluated: true,
  reference: (x, { gamma, beta, moving_mean, moving_variance }) =>
    fill(x.shape, (at) => {
      const place = [at.at(options.axis ?? -1)!];
      const centred = (get(x, at) - get(moving_mean!, place)) / Math.sqrt(get(moving_variance!, place) + 1e-3);
      return centred * (gamma ? get(gamma, place) : 1) + (beta ? get(beta, place) : 0);
    }),
});
const layerNormalization = (options: { axis?: number | number[] }, input: number[]): LayerCase => ({
  options,
  input,
  reference: (x, { gamma, beta }) => {
    const axes = [options.axis ?? -1].flat().map((axis) => (axis + x.shape.length) % x.shape.length);
    return normalized(x, axes, axes, { gamma, beta });
  },
});

const activations: Record<string, (x: number) => number> = {
  elu: (x) => x > 0 ? x : Math.expm1(x),
  hardSigmoid: (x) => Math.min(1, Math.max(0, 0.2 * x + 0.5)),
  linear: (x) => x,
  mish: (x) => x * Math.tanh(Math.log1p(Math.exp(x))),
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  softplus: (x) => Math.log1p(Math.exp(x)),
  softsign: (x) => x / (1 + Math.abs(x)),
  swish: (x) => x / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  gelu_new: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
};
const softmax = (x: Numbers, axis = x.shape.length - 1): Numbers =>
  fill(x.shape, (at) => {
    let total = 0;
    for (let i = 0; i < x.shape[axis]!; i++) total += Math.exp(get(x, at.with(axis, i)));
    return Math.exp(get(x, at)) / total;
  });
const crop = (top: number, left: number, height: number, width: number) => (x: Numbers): Numbers =>
  fill([x.shape[0]!, height, width, x.shape[3]!], ([b, i, j, c]) => get(x, [b!, i! + top, j! + left, c!]));

/** Layers that pass over time steps that are masked. */
const masked: LayerDescription[] = [
  { lstm: { units: 2 } },
  { gru: { units: 3, returnSequences: true } },
  { simpleRNN: { units: 2, goBackwards: true } },
  { bidirectional: { layer: { lstm: { units: 2, returnSequences: true } } } },
  { rnn: { cell: [{ gruCell: { units: 2 } }, { lstmCell: { units: 2 } }] } },
];

export const otherCases: LayerCases = {
  inputLayer: [{ options: { inputShape: [4] }, input: [4], reference: same }],
  dense: [
    {
      options: { units: 5 },
      input: [7],
      reference: (x, { kernel, bias }) => biased(times(x, kernel!), bias),
    },
    {
      options: { units: 3, useBias: false, inputShape: [4, 5] },
      input: [4, 5],
      reference: (x, { kernel }) => times(x, kernel!),
    },
    { options: { units: 3, activation: "softmax" }, input: [4] },
    { options: { units: 3, activation: "sigmoid", inputShape: [2, 4] }, input: [2, 4] },
  ],
  activation: [
    ...Object.entries(activations).map(([activation, f]) => ({
      options: { activation },
      input: [3, 4],
      reference: apply(f),
    })),
    { options: { activation: "softmax" }, input: [3, 4], reference: (x: Numbers) => softmax(x) },
    { options: { activation: "logSoftmax" }, input: [4], reference: (x: Numbers) => map(softmax(x), Math.log) },
    { options: { activation: "gelu" }, input: [3, 4] },
  ],
  flatten: [{ options: {}, input: image }, { options: { dataFormat: "channelsFirst" }, input: [2, 4, 5] }],
  reshape: [{ options: { targetShape: [2, -1] }, input: [4, 3] }],
  permute: [{ options: { dims: [2, 1] }, input: [4, 3] }, { options: { dims: [3, 1, 2] }, input: image }],
  repeatVector: [{ options: { n: 3 }, input: [4] }],
  masking: [{ options: { maskValue: 9 }, input: [4, 3], reference: same }],
  embedding: [
    {
      options: { inputDim: 6, outputDim: 3 },
      input: [4],
      below: 6,
      reference: (x, { embeddings }) =>
        fill([...x.shape, 3], (at) => get(embeddings!, [get(x, at.slice(0, -1)), at.at(-1)!])),
    },
    { options: { inputDim: 4, outputDim: 2 }, input: [2, 3], below: 4 },
    ...masked.map((layer) => ({
      options: { inputDim: 4, outputDim: 2, maskZero: true },
      input: [5],
      below: 4,
      after: [layer],
    })),
  ],
  elu: [{ options: {}, input: [3, 4], reference: apply(activations.elu!) }],
  reLU: [
    { options: {}, input: [3, 4], reference: apply(activations.relu!) },
    { options: { maxValue: 0.225 }, input: [3, 4], reference: apply((x) => Math.min(0.225, Math.max(0, x))) },
  ],
  leakyReLU: [{ options: { alpha: 0.2 }, input: [3, 4], reference: apply((x) => x > 0 ? x : 0.2 * x) }],
  thresholdedReLU: [{ options: { theta: 0.225 }, input: [3, 4], reference: apply((x) => x > 0.225 ? x : 0) }],
  softmax: [
    { options: {}, input: [4], reference: (x) => softmax(x) },
    { options: {}, input: [3, 4], reference: (x) => softmax(x) },
    { options: { axis: 1 }, input: [3, 4, 2], reference: (x) => softmax(x, 1) },
  ],
  prelu: [
    {
      options: {},
      input: [3, 4],
      reference: (x, { alpha }) => fill(x.shape, (at) => leaky(x, alpha!, at, at.slice(1))),
    },
    {
      options: { sharedAxes: [1, 2] },
      input: image,
      reference: (x, { alpha }) => fill(x.shape, (at) => leaky(x, alpha!, at, [0, 0, at[3]!])),
    },
    {
      options: { sharedAxes: [3] },
      input: image,
      reference: (x, { alpha }) => fill(x.shape, (at) => leaky(x, alpha!, at, [at[1]!, at[2]!, 0])),
    },
  ],
  upSampling2d: [
    { options: {}, input: [3, 2, 2], reference: (x) => resized("nearest", x, 6, 4) },
    { options: { size: [1, 3] }, input: [3, 2, 2], reference: (x) => resized("nearest", x, 3, 6) },
    { options: { interpolation: "bilinear" }, input: [3, 2, 2], reference: (x) => resized("bilinear", x, 6, 4) },
    { options: { dataFormat: "channelsFirst", size: [2, 3], interpolation: "bilinear" }, input: [2, 3, 2] },
  ],
  zeroPadding2d: [
    { options: { padding: [1, 2] }, input: image, reference: crop(-1, -2, 6, 9) },
    { options: { padding: [[0, 1], [2, 0]], dataFormat: "channelsFirst" }, input: [2, 4, 5] },
  ],
  cropping2D: [
    { options: { cropping: [[1, 1], [0, 2]] }, input: image, reference: crop(1, 0, 2, 3) },
    { options: { cropping: 1, dataFormat: "channelsFirst" }, input: [2, 4, 5] },
  ],
  batchNormalization: [
    batchNormalization({}, [4]),
    batchNormalization({}, [3, 4]),
    batchNormalization({ epsilon: 0.1 }, image),
    batchNormalization({ axis: 1 }, image),
    batchNormalization({ axis: 2 }, [3, 4]),
    batchNormalization({}, [2, 3, 2, 2]),
    ...["scale", "center"].map((part) => ({ ...batchNormalization({}, [3, 4]), options: { [part]: false } })),
    { ...batchNormalization({}, [5]), options: { scale: false, center: false } },
    fixed({}, image),
    fixed({ axis: 1 }, image),
    fixed({ scale: false }, [5]),
    fixed({ center: false }, [2, 3, 2, 2]),
  ],
  layerNormalization: [
    layerNormalization({}, [5]),
    layerNormalization({}, [3, 5]),
    layerNormalization({ axis: [1, 2] }, image),
    layerNormalization({ axis: 1 }, image),
    layerNormalization({}, [2, 3, 2, 4]),
    ...["scale", "center"].map((part) => ({ ...layerNormalization({}, [3, 4]), options: { [part]: false } })),
  ],
  rescaling: [{ options: { scale: 2, offset: 1 }, input: image, reference: apply((x) => 2 * x + 1) }],
  resizing: [
    { options: { height: 3, width: 7 }, input: image, reference: (x) => resized("bilinear", x, 3, 7) },
    {
      options: { height: 8, width: 2, interpolation: "nearest" },
      input: image,
      reference: (x) => resized("nearest", x, 8, 2),
    },
    {
      options: { height: 2, width: 2, cropToAspectRatio: true },
      input: [4, 6, 2],
      reference: (x) => resized("bilinear", crop(0, 1, 4, 4)(x), 2, 2),
    },
  ],
  centerCrop: [
    { options: { height: 2, width: 3 }, input: image, reference: crop(1, 1, 2, 3) },
    { options: { height: 4, width: 4 }, input: image, reference: crop(0, 0, 4, 4) },
    {
      options: { height: 8, width: 8 },
      input: [4, 6, 2],
      reference: (x) => resized("bilinear", crop(0, 1, 4, 4)(x), 8, 8),
    },
  ],
  dropout: [{ options: { rate: 0.5 }, input: [5, 4] }, {
    options: { rate: 0.3, noiseShape: [null, 1, 4] },
    input: [5, 4],
  }],
  spatialDropout1d: [{ options: { rate: 0.5 }, input: [5, 4] }],
  spatialDropout2d: [{ options: { rate: 0.5 }, input: image }],
  gaussianNoise: [{ options: { stddev: 1 }, input: [5] }],
  gaussianDropout: [{ options: { rate: 0.5 }, input: [5] }],
  alphaDropout: [{ options: { rate: 0.5 }, input: [5] }],
};

const leaky = (x: Numbers, alpha: Numbers, at: number[], place: number[]): number => {
  const value = get(x, at);
  return value > 0 ? value : value * get(alpha, place);
};
