import { Random } from "../../../src/module/random.ts";

/** The kinds of recurrent nets, with the number of gates and of states. */
export const kinds = { lstm: [4, 2], gru: [3, 1], simpleRnn: [1, 1] } as const;
export type Kind = keyof typeof kinds;

/** A matrix or more, as nested lists would have it: flat, in double precision. */
export type Values = Record<string, Float64Array>;

/** The sizes and ways of one case. */
export interface Case {
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
  readonly bias?: boolean;
  readonly started?: boolean;
  readonly masked?: boolean;
  readonly goBackwards?: boolean;
  readonly hard?: boolean;
}

/** Sizes that differ from each other. */
export const plain: Case = { batch: 3, time: 4, features: 3, units: 5, bias: true };

/** Every way to run a net. */
export const usualCases: readonly Case[] = [
  plain,
  { ...plain, hard: true },
  { ...plain, goBackwards: true, started: true },
  { ...plain, masked: true },
  { ...plain, masked: true, started: true, goBackwards: true, hard: true },
  { ...plain, bias: false, started: true },
];

/** What a recurrent net gives: the outputs of all steps, and the last states. */
export interface Run {
  readonly sequence: Float64Array;
  readonly states: Float64Array[];
}

/** The shapes of everything that a net takes. */
export function shapesOf(kind: Kind, { batch, time, features, units, bias, started }: Case): Record<string, number[]> {
  const [gates, states] = kinds[kind];
  return {
    x: [batch, time, features],
    kernel: [features, gates * units],
    recurrentKernel: [units, gates * units],
    ...(bias ? { bias: [gates * units] } : {}),
    ...(started ? Object.fromEntries(Array.from({ length: states }, (_, i) => [`state${i}`, [batch, units]])) : {}),
  };
}

/** Random numbers for everything that a net takes, rounded to single precision. */
export function draw(shapes: Record<string, number[]>, seed: number, size = 0.8): Values {
  const random = new Random(seed);
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      const length = shape.reduce((product, n) => product * n, 1);
      return [name, Float64Array.from({ length }, () => Math.fround(size * random.normal()))];
    }),
  );
}

/** A mask of zeros and ones. */
export function drawMask({ batch, time }: Case, seed: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: batch * time }, () => random.uniform() < 0.6 ? 1 : 0);
}

/** Runs a net as the books have it, one number after the other. */
export function reference(kind: Kind, options: Case, values: Values, mask?: Float64Array): Run {
  const { batch, time, units, goBackwards } = options;
  const states = Array.from({ length: kinds[kind][1] }, (_, i) => (
    Float64Array.from(values[`state${i}`] ?? new Float64Array(batch * units))
  ));
  const sequence = new Float64Array(batch * time * units);
  for (let item = 0; item < batch; item++) {
    for (let step = 0; step < time; step++) {
      const at = item * time + (goBackwards ? time - 1 - step : step);
      const before = states.map((state) => state.slice(item * units, (item + 1) * units));
      const after = mask?.[at] === 0 ? before : steps[kind](options, values, at, before);
      after.forEach((state, i) => states[i]!.set(state, item * units));
      sequence.set(after[0]!, (item * time + step) * units);
    }
  }
  return { sequence, states };
}

type Step = (options: Case, values: Values, at: number, before: Float64Array[]) => Float64Array[];

const steps: Record<Kind, Step> = {
  lstm: (options, values, at, [h, c]) => {
    const s = (gate: number, unit: number) => sum("lstm", options, values, at, h!, gate, unit);
    const gate = gateOf(options);
    const cell = c!.map((c, u) => gate(s(1, u)) * c + gate(s(0, u)) * Math.tanh(s(2, u)));
    return [cell.map((c, u) => gate(s(3, u)) * Math.tanh(c)), cell];
  },
  gru: (options, values, at, [h]) => {
    const gate = gateOf(options);
    const reset = h!.map((value, u) => gate(sum("gru", options, values, at, h!, 1, u)) * value);
    return [h!.map((value, u) => {
      const z = gate(sum("gru", options, values, at, h!, 0, u));
      return z * value + (1 - z) * Math.tanh(sum("gru", options, values, at, reset, 2, u));
    })];
  },
  simpleRnn: (options, values, at, [h]) => [
    h!.map((_, u) => Math.tanh(sum("simpleRnn", options, values, at, h!, 0, u))),
  ],
};

const gateOf = ({ hard }: Case) => (x: number): number =>
  hard ? Math.min(1, Math.max(0, 0.2 * x + 0.5)) : 1 / (1 + Math.exp(-x));

function sum(
  kind: Kind,
  { features, units }: Case,
  values: Values,
  at: number,
  h: Float64Array,
  gate: number,
  u: number,
) {
  const { x, kernel, recurrentKernel, bias } = values as Record<string, Float64Array>;
  const width = kinds[kind][0] * units, column = gate * units + u;
  let total = bias?.[column] ?? 0;
  for (let i = 0; i < features; i++) total += x![at * features + i]! * kernel![i * width + column]!;
  for (let i = 0; i < units; i++) total += h[i]! * recurrentKernel![i * width + column]!;
  return total;
}
