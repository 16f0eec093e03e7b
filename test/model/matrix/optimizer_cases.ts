import { tf } from "../../../src/backend/tf.ts";
import type { Optimizer } from "../../../src/model/optimizer.ts";
import { optimizers } from "../../../src/model/optimizers.ts";
import { Parameter } from "../../../src/model/parameter.ts";
import { NDArray } from "../../../src/module/ndarray.ts";

export const start: readonly number[] = [1, -2, 0.5, 3];
/** Gradients that change in size and sign. */
export const gradientAt = (step: number): number[] => start.map((x, i) => x * Math.cos(step + i) + 0.1);

/** The values after some updates. */
export async function follow(optimizer: Optimizer, steps: number): Promise<number[]> {
  const parameter = new Parameter([4], { initializer: "zeros" });
  parameter.write(new NDArray("float32", [4], new Float32Array(start)));
  for (let step = 0; step < steps; step++) {
    tf().tidy(() => optimizer.update([["p", parameter]], { p: tf().tensor1d(gradientAt(step)) }));
  }
  const { data } = await parameter.read() as NDArray;
  parameter.dispose();
  return Array.from(data as Float32Array);
}

/** An optimizer with a rate of {@linkcode rate}. */
export const make = (name: string, options: Record<string, unknown> = {}): Optimizer =>
  new (optimizers[name as "Sgd"])({ learningRate: rate, ...options }) as unknown as Optimizer;

/** What each does by its formula, in plain numbers; gives the values after the updates. */
export type Rule = (p: number, gradients: number[]) => number;
export const rate = 0.1;
const adam = (decay: number): Rule => (p, gradients) => {
  let m = 0, v = 0;
  gradients.forEach((g, i) => {
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const [mHat, vHat] = [m / (1 - 0.9 ** (i + 1)), v / (1 - 0.999 ** (i + 1))];
    p = p * (1 - rate * decay) - rate * mHat / (Math.sqrt(vHat) + 1e-7);
  });
  return p;
};
const momentum = (nesterov: boolean): Rule => (p, gradients) => {
  let v = 0;
  for (const g of gradients) {
    v = 0.9 * v + g;
    p -= rate * (nesterov ? g + 0.9 * v : v);
  }
  return p;
};
const rms = (share: number): Rule => (p, gradients) => {
  let s = 0, u = 0;
  for (const g of gradients) {
    s = 0.9 * s + 0.1 * g * g;
    u = share * u + rate * g / Math.sqrt(s + 1e-7);
    p -= u;
  }
  return p;
};
const centred = (share: number): Rule => (p, gradients) => {
  let s = 0, m = 0, u = 0;
  for (const g of gradients) {
    s = 0.9 * s + 0.1 * g * g;
    m = 0.9 * m + 0.1 * g;
    u = share * u + rate * g / Math.sqrt(s - m * m + 1e-7);
    p -= u;
  }
  return p;
};
const adamax: Rule = (p, gradients) => {
  let m = 0, u = 0;
  gradients.forEach((g, i) => {
    m = 0.9 * m + 0.1 * g;
    u = Math.max(0.999 * u, Math.abs(g));
    p -= rate / (1 - 0.9 ** (i + 1)) * m / (u + 1e-7);
  });
  return p;
};
const nadam: Rule = (p, gradients) => {
  const share = (t: number) => 0.9 * (1 - 0.5 * 0.96 ** t);
  let m = 0, v = 0, product = 1;
  gradients.forEach((g, i) => {
    const t = i + 1;
    product *= share(t);
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const mHat = share(t + 1) * m / (1 - product * share(t + 1)) + (1 - share(t)) * g / (1 - product);
    p -= rate * mHat / (Math.sqrt(v / (1 - 0.999 ** t)) + 1e-7);
  });
  return p;
};
const adadelta: Rule = (p, gradients) => {
  let s = 0, u = 0;
  for (const g of gradients) {
    s = 0.95 * s + 0.05 * g * g;
    const d = Math.sqrt(u + 1e-7) / Math.sqrt(s + 1e-7) * g;
    u = 0.95 * u + 0.05 * d * d;
    p -= rate * d;
  }
  return p;
};
const adagrad: Rule = (p, gradients) => {
  let s = 0.1;
  for (const g of gradients) p -= rate * g / Math.sqrt((s += g * g) + 1e-7);
  return p;
};

/** Every optimizer in several uses, with what it does to one number. */
export const optimizerCases: readonly [name: string, options: Record<string, unknown>, rule: Rule][] = [
  ["Sgd", {}, (p, gradients) => gradients.reduce((x, g) => x - rate * g, p)],
  ["Momentum", {}, momentum(false)],
  ["Momentum", { nesterov: true }, momentum(true)],
  ["Adam", {}, adam(0)],
  ["AdamW", { weightDecay: 0.2 }, adam(0.2)],
  ["RMSProp", {}, rms(0)],
  ["RMSProp", { momentum: 0.5 }, rms(0.5)],
  ["RMSProp", { centered: true }, centred(0)],
  ["RMSProp", { centered: true, momentum: 0.5 }, centred(0.5)],
  ["Adamax", {}, adamax],
  ["Nadam", {}, nadam],
  ["Adadelta", {}, adadelta],
  ["Adagrad", {}, adagrad],
];

/** Where the formula leads from {@linkcode start} in so many steps. */
export const wantedAfter = (rule: Rule, steps: number): number[] =>
  start.map((p, i) => rule(p, Array.from({ length: steps }, (_, step) => gradientAt(step)[i]!)));
