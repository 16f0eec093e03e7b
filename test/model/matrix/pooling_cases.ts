import { fill, get, type Numbers, turned } from "./array.ts";
import { type LayerCase, type LayerCases, spread } from "./layer_case.ts";
import { pooled } from "./references.ts";

interface Options {
  poolSize?: number | number[];
  strides?: number | number[];
  padding?: string;
  dataFormat?: string;
}

const cases = (kind: "max" | "mean", input: number[], all: Options[]): LayerCase[] =>
  all.map((options) => {
    const rank = input.length - 1, axes = Array.from({ length: rank }, (_, i) => i);
    const sizes = spread(options.poolSize ?? 2, rank), first = options.dataFormat === "channelsFirst";
    const window = {
      strides: spread(options.strides ?? sizes, rank),
      rates: spread(1, rank),
      padding: options.padding ?? "valid",
    };
    const reference = (x: Numbers) => {
      if (!first) return pooled(kind, x, sizes, window);
      const last = turned(x, [0, ...axes.map((axis) => axis + 2), 1]);
      return turned(pooled(kind, last, sizes, window), [0, rank + 1, ...axes.map((axis) => axis + 1)]);
    };
    return { options, input: first ? [input.at(-1)!, ...input.slice(0, -1)] : input, reference };
  });

const of = (kind: "max" | "mean") => ({
  one: cases(kind, [7, 3], [{}, { poolSize: 3, strides: 2, padding: "same" }, { poolSize: 2, strides: 1 }]),
  two: cases(kind, [7, 6, 2], [
    {},
    { poolSize: [3, 2], strides: [1, 2], padding: "same" },
    { poolSize: 3, strides: 2 },
    { poolSize: 2, strides: 3, padding: "same", dataFormat: "channelsFirst" },
  ]),
  three: cases(kind, [5, 4, 3, 2], [
    {},
    { poolSize: [2, 3, 2], strides: [2, 1, 1], padding: "same" },
    { poolSize: 2, strides: 1, dataFormat: "channelsFirst" },
    { poolSize: 1, strides: 3, padding: "same" },
  ]),
});

/** Over all places between the batch and the channels. */
const everywhere = (kind: "max" | "mean", dataFormat?: string) => (x: Numbers): Numbers => {
  const last = dataFormat === "channelsFirst" ? turned(x, [0, 2, 3, 1]) : x;
  const sizes = last.shape.slice(1, -1), ones = sizes.map(() => 1);
  const y = pooled(kind, last, sizes, { strides: ones, rates: ones, padding: "valid" });
  return fill([x.shape[0]!, last.shape.at(-1)!], (at) => get(y, [at[0]!, ...ones.map(() => 0), at[1]!]));
};
const global = (kind: "max" | "mean"): LayerCase[] =>
  [undefined, "channelsFirst"].map((dataFormat) => ({
    options: dataFormat ? { dataFormat } : {},
    input: [4, 3, 2],
    reference: everywhere(kind, dataFormat),
  }));

const max = of("max"), mean = of("mean");

export const poolingCases: LayerCases = {
  maxPooling1d: max.one,
  maxPooling2d: max.two,
  maxPooling3d: max.three,
  averagePooling1d: mean.one,
  averagePooling2d: mean.two,
  averagePooling3d: mean.three,
  globalAveragePooling1d: [{ options: {}, input: [5, 3], reference: everywhere("mean") }],
  globalAveragePooling2d: global("mean"),
  globalMaxPooling1d: [{ options: {}, input: [5, 3], reference: everywhere("max") }],
  globalMaxPooling2d: global("max"),
};
