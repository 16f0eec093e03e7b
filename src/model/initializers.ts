import type { Random } from "../module/random.ts";
import { sizeOf } from "../module/ndarray.ts";
import { suggest } from "../module/text.ts";
import { orthogonal } from "./orthogonal.ts";

/** Fills a new parameter's values. */
export type Initializer = (values: Float32Array, shape: readonly number[], random: Random) => void;

/** What an initializer may be told; those that don't need it pass over it. */
export interface InitializerOptions {
  value?: number;
  mean?: number;
  stddev?: number;
  minval?: number;
  maxval?: number;
  gain?: number;
  scale?: number;
  mode?: "fanIn" | "fanOut" | "fanAvg";
  distribution?: "normal" | "uniform" | "truncatedNormal";
}

/**
 * How many inputs and outputs a weight connects: the last two lengths, times the size of the window before them.
 * As in Keras (`keras.src.initializers.random_initializers.compute_fans`).
 */
export function fans(shape: readonly number[]): { fanIn: number; fanOut: number } {
  if (shape.length < 2) return { fanIn: sizeOf(shape), fanOut: sizeOf(shape) };
  const window = sizeOf(shape.slice(0, -2));
  return { fanIn: shape.at(-2)! * window, fanOut: shape.at(-1)! * window };
}

const constant = (value: number): Initializer => (values) => void values.fill(value);

const uniform = (low: number, high: number): Initializer => (values, _shape, random) => {
  random.fillUniform(values);
  for (let i = 0; i < values.length; i++) values[i] = low + (high - low) * values[i]!;
};

const normal = (mean: number, deviation: number): Initializer => (values, _shape, random) => {
  for (let i = 0; i < values.length; i++) values[i] = mean + deviation * random.normal();
};

/** Draws again what lies beyond two standard deviations. */
const truncated = (mean: number, deviation: number): Initializer => (values, _shape, random) => {
  for (let i = 0; i < values.length; i++) {
    let drawn = random.normal();
    while (Math.abs(drawn) > 2) drawn = random.normal();
    values[i] = mean + deviation * drawn;
  }
};

/** The standard deviation that is left of a normal distribution cut at two of them, as in Keras. */
const cut = 0.87962566103423978;

/**
 * Keras's VarianceScaling: the variance is `scale / fan`.
 * X. Glorot, Y. Bengio, AISTATS 2010; K. He et al., ICCV 2015; Y. LeCun et al., "Efficient BackProp", 1998.
 */
function scaling(scale: number, mode: "fanIn" | "fanOut" | "fanAvg", distribution: string): Initializer {
  return (values, shape, random) => {
    const { fanIn, fanOut } = fans(shape);
    const fan = { fanIn, fanOut, fanAvg: (fanIn + fanOut) / 2 }[mode];
    const variance = scale / Math.max(1, fan), limit = Math.sqrt(3 * variance), deviation = Math.sqrt(variance);
    if (distribution === "uniform") uniform(-limit, limit)(values, shape, random);
    else truncated(0, deviation / cut)(values, shape, random);
  };
}

const identity = (gain: number): Initializer => (values, shape) => {
  const columns = shape.at(-1)!;
  for (let i = 0; i < values.length; i += columns + 1) values[i] = gain;
};

/** Every initializer by its name, with Keras's defaults. */
export const initializers: Readonly<Record<string, (options: InitializerOptions) => Initializer>> = {
  zeros: () => constant(0),
  ones: () => constant(1),
  constant: ({ value = 0 }) => constant(value),
  identity: ({ gain = 1 }) => identity(gain),
  randomUniform: ({ minval = -0.05, maxval = 0.05 }) => uniform(minval, maxval),
  randomNormal: ({ mean = 0, stddev = 0.05 }) => normal(mean, stddev),
  truncatedNormal: ({ mean = 0, stddev = 0.05 }) => truncated(mean, stddev),
  varianceScaling: ({ scale = 1, mode = "fanIn", distribution = "normal" }) => scaling(scale, mode, distribution),
  glorotUniform: () => scaling(1, "fanAvg", "uniform"),
  glorotNormal: () => scaling(1, "fanAvg", "normal"),
  heUniform: () => scaling(2, "fanIn", "uniform"),
  heNormal: () => scaling(2, "fanIn", "normal"),
  leCunUniform: () => scaling(1, "fanIn", "uniform"),
  leCunNormal: () => scaling(1, "fanIn", "normal"),
  orthogonal: ({ gain = 1 }) => orthogonal(gain),
};

/** The initializer of this name. @throws {RangeError} an unknown one */
export function initializerNamed(name: string, options: InitializerOptions = {}): Initializer {
  if (Object.hasOwn(initializers, name)) return initializers[name]!(options);
  throw new RangeError(
    `Cannot initialise a parameter by "${name}": unknown initializer; ${suggest(name, Object.keys(initializers))}`,
  );
}
