import { type Numbers, turned } from "./array.ts";
import { type LayerCase, type LayerCases, spread } from "./layer_case.ts";
import { biased, convolution, depthwise, transposed, type Window } from "./references.ts";

interface Options {
  filters?: number;
  kernelSize: number | number[];
  strides?: number | number[];
  dilationRate?: number | number[];
  padding?: string;
  dataFormat?: string;
  useBias?: boolean;
  depthMultiplier?: number;
}
type Weights = Record<string, Numbers>;
type Way = (x: Numbers, weights: Weights, window: Window) => Numbers;

const windowOf = ({ strides, dilationRate, padding = "valid" }: Options, rank: number): Window => ({
  strides: spread(strides, rank),
  rates: spread(dilationRate, rank),
  padding,
});

/** Cases whose reference computes with channels last. */
const cases = (input: number[], way: Way, all: Options[]): LayerCase[] =>
  all.map((options) => {
    const first = options.dataFormat === "channelsFirst", rank = input.length - 1;
    const axes = Array.from({ length: rank }, (_, i) => i);
    const reference = (x: Numbers, weights: Weights) => {
      const last = first ? turned(x, [0, ...axes.map((axis) => axis + 2), 1]) : x;
      const y = biased(way(last, weights, windowOf(options, rank)), weights.bias);
      return first ? turned(y, [0, rank + 1, ...axes.map((axis) => axis + 1)]) : y;
    };
    return { options, input: first ? [input.at(-1)!, ...input.slice(0, -1)] : input, reference };
  });

const plain: Way = (x, { kernel }, window) => convolution(x, kernel!, window);
const back: Way = (x, { kernel }, window) => transposed(x, kernel!, window);
const own: Way = (x, { depthwise_kernel }, window) => depthwise(x, depthwise_kernel!, window);
const both: Way = (x, { depthwise_kernel, pointwise_kernel }, window) =>
  convolution(depthwise(x, depthwise_kernel!, window), pointwise_kernel!, {
    strides: [1, 1],
    rates: [1, 1],
    padding: "valid",
  });

const image = [7, 6, 2], wide = [9, 10, 3];

export const convolutionCases: LayerCases = {
  conv1d: cases([9, 2], plain, [
    { filters: 3, kernelSize: 3 },
    { filters: 3, kernelSize: 2, padding: "same", strides: 2 },
    { filters: 4, kernelSize: 3, padding: "same", dilationRate: 2, useBias: false },
    { filters: 3, kernelSize: 3, padding: "causal", dilationRate: 2 },
    { filters: 3, kernelSize: 2, padding: "causal", strides: 3 },
    { filters: 2, kernelSize: 3, dataFormat: "channelsFirst" },
  ]),
  conv2d: [
    ...cases(image, plain, [
      { filters: 3, kernelSize: 3 },
      { filters: 4, kernelSize: [2, 3], strides: [2, 1], padding: "same" },
      { filters: 3, kernelSize: 2, strides: 3, padding: "same", useBias: false },
      { filters: 3, kernelSize: 3, dilationRate: 2 },
      { filters: 2, kernelSize: [2, 3], dilationRate: [3, 1], padding: "same" },
      { filters: 3, kernelSize: 1, strides: 2 },
      { filters: 3, kernelSize: 3, strides: [1, 2], dataFormat: "channelsFirst" },
      { filters: 2, kernelSize: 2, dilationRate: 2, padding: "same", dataFormat: "channelsFirst" },
    ]),
    ...cases(wide, plain, [{ filters: 9, kernelSize: 5, padding: "same" }, { filters: 17, kernelSize: 3, strides: 2 }]),
  ],
  conv3d: cases([5, 4, 6, 2], plain, [
    { filters: 3, kernelSize: 2 },
    { filters: 2, kernelSize: [3, 2, 1], strides: [2, 1, 3], padding: "same" },
    { filters: 2, kernelSize: 2, strides: 2 },
    { filters: 2, kernelSize: 2, dilationRate: [2, 1, 3] },
    { filters: 2, kernelSize: 2, padding: "same", dataFormat: "channelsFirst" },
  ]),
  conv2dTranspose: cases([3, 4, 2], back, [
    { filters: 3, kernelSize: 3 },
    { filters: 3, kernelSize: 2, strides: 2, padding: "same" },
    { filters: 2, kernelSize: [3, 2], strides: [2, 3], useBias: false },
    { filters: 2, kernelSize: 3, strides: 2, padding: "same" },
    { filters: 3, kernelSize: 3, strides: 2, dataFormat: "channelsFirst" },
    { filters: 3, kernelSize: 1, strides: 2, padding: "same" },
  ]),
  conv3dTranspose: cases([2, 3, 2, 2], back, [
    { filters: 3, kernelSize: 2 },
    { filters: 2, kernelSize: 2, strides: 2, padding: "same" },
    { filters: 2, kernelSize: [3, 2, 1], strides: [2, 1, 2] },
    { filters: 2, kernelSize: 2, dataFormat: "channelsFirst" },
    { filters: 2, kernelSize: 1, strides: 2, padding: "same" },
  ]),
  depthwiseConv2d: cases(image, own, [
    { kernelSize: 3 },
    { kernelSize: [2, 3], depthMultiplier: 2, padding: "same" },
    { kernelSize: 3, strides: 2, padding: "same", useBias: false },
    { kernelSize: 2, dilationRate: 2, depthMultiplier: 2 },
    { kernelSize: 3, dilationRate: [2, 1], padding: "same", dataFormat: "channelsFirst" },
  ]),
  separableConv2d: cases(image, both, [
    { filters: 3, kernelSize: 3 },
    { filters: 4, kernelSize: 2, depthMultiplier: 2, strides: 2, padding: "same" },
    { filters: 3, kernelSize: 3, dilationRate: 2, useBias: false },
    { filters: 3, kernelSize: 3, dataFormat: "channelsFirst" },
  ]),
};
