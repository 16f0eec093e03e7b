import { fill, get, type Numbers } from "./array.ts";
import type { LayerCase, LayerCases } from "./layer_case.ts";
import { gru, lstm, simpleRnn, type Weights } from "./recurrent_references.ts";
import { sigmoid, times } from "./references.ts";

const input = [4, 3];
type All = Record<string, Numbers>;
const weights = (all: All, prefix = "") =>
  Object.fromEntries(
    Object.entries(all).filter(([name]) => name.startsWith(prefix)).map((
      [name, value],
    ) => [name.slice(prefix.length), value]),
  ) as unknown as Weights;
/** Time the other way round. */
const reversed = (x: Numbers): Numbers =>
  fill(x.shape, ([item, t, ...rest]) => get(x, [item!, x.shape[1]! - 1 - t!, ...rest]));
const joined = (a: Numbers, b: Numbers): Numbers => {
  const own = a.shape.at(-1)!;
  return fill([...a.shape.slice(0, -1), own + b.shape.at(-1)!], (at) => {
    const i = at.at(-1)!;
    return i < own ? get(a, at) : get(b, [...at.slice(0, -1), i - own]);
  });
};

type Cell = (x: Numbers, weights: Weights, all: boolean) => Numbers;
const cases = (cell: Cell, more: LayerCase[]): LayerCase[] => [
  { options: { units: 3 }, input, reference: (x, all) => cell(x, weights(all), false) },
  {
    options: { units: 2, returnSequences: true, useBias: false },
    input,
    reference: (x, all) => cell(x, weights(all), true),
  },
  {
    options: { units: 5, goBackwards: true, returnSequences: true, unroll: true },
    input,
    reference: (x, all) => cell(reversed(x), weights(all), true),
  },
  ...more,
];

const simple: Cell = (x, all, every) => simpleRnn(x, all, Math.tanh, every);
const long: Cell = (x, all, every) => lstm(x, all, Math.tanh, sigmoid, every);
const gated: Cell = (x, all, every) => gru(x, all, Math.tanh, sigmoid, every);
const elu = (x: number) => x > 0 ? x : Math.exp(x) - 1;
const softsign = (x: number) => x / (1 + Math.abs(x));

export const recurrentCases: LayerCases = {
  simpleRNN: cases(simple, [
    { options: { units: 2, activation: "elu" }, input, reference: (x, all) => simpleRnn(x, weights(all), elu, false) },
  ]),
  lstm: cases(long, [{
    options: { units: 4, activation: "softsign", recurrentActivation: "sigmoid" },
    input,
    reference: (x, all) => lstm(x, weights(all), softsign, sigmoid, false),
  }]),
  gru: cases(gated, [{
    options: { units: 4, activation: "softsign", recurrentActivation: "sigmoid" },
    input,
    reference: (x, all) => gru(x, weights(all), softsign, sigmoid, false),
  }]),
  rnn: [
    {
      options: { cell: { lstmCell: { units: 3 } } },
      input,
      reference: (x, all) => long(x, weights(all), false),
    },
    {
      options: { cell: [{ lstmCell: { units: 3 } }, { gruCell: { units: 2 } }], returnSequences: true },
      input,
      reference: (x, all) => gated(long(x, weights(all, "cell_1_"), true), weights(all, "cell_2_"), true),
    },
    { options: { cell: { simpleRNNCell: { units: 3 } }, goBackwards: true }, input },
  ],
  bidirectional: [
    {
      options: { layer: { lstm: { units: 2 } } },
      input,
      reference: (x, all) =>
        joined(long(x, weights(all, "forward_"), false), long(reversed(x), weights(all, "backward_"), false)),
    },
    {
      options: { layer: { gru: { units: 2, returnSequences: true } }, mergeMode: "concat" },
      input,
      reference: (x, all) =>
        joined(gated(x, weights(all, "forward_"), true), reversed(gated(reversed(x), weights(all, "backward_"), true))),
    },
    { options: { layer: { simpleRNN: { units: 2, returnSequences: true } }, mergeMode: "sum" }, input },
    { options: { layer: { lstm: { units: 2 } }, mergeMode: "mul" }, input },
    { options: { layer: { gru: { units: 2 } }, mergeMode: "ave" }, input },
    { options: { layer: { rnn: { cell: { gruCell: { units: 2 } } } } }, input },
    {
      options: { layer: { convLstm2d: { filters: 2, kernelSize: 2, recurrentActivation: "sigmoid" } } },
      input: [3, 4, 3, 2],
    },
  ],
  timeDistributed: [
    {
      options: { layer: { dense: { units: 2, useBias: false } } },
      input,
      reference: (x, { kernel }) => times(x, kernel!),
    },
    { options: { layer: { conv2d: { filters: 2, kernelSize: 2 } } }, input: [3, 4, 3, 2] },
    { options: { layer: { lstm: { units: 2 } } }, input: [2, 3, 2] },
    { options: { layer: "batchNormalization" }, input: [3, 4] },
    { options: { layer: { maxPooling1d: {} } }, input: [3, 4, 2] },
  ],
  convLstm2d: [
    { options: { filters: 2, kernelSize: 2 }, input: [3, 4, 4, 2] },
    { options: { filters: 2, kernelSize: 2, goBackwards: true, recurrentActivation: "sigmoid" }, input: [3, 3, 4, 2] },
    {
      options: {
        filters: 2,
        kernelSize: 3,
        padding: "same",
        returnSequences: true,
        strides: 2,
        recurrentActivation: "sigmoid",
      },
      input: [2, 4, 5, 2],
    },
    { options: { filters: 2, kernelSize: 2, dilationRate: 2, recurrentActivation: "sigmoid" }, input: [2, 5, 4, 2] },
    {
      options: { filters: 2, kernelSize: 2, dataFormat: "channelsFirst", recurrentActivation: "sigmoid" },
      input: [2, 2, 4, 4],
    },
  ],
};
