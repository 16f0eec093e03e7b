import assert from "node:assert/strict";
import type { Optimizer as TfjsOptimizer, Scalar } from "@tensorflow/tfjs-core";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { tf } from "../../src/backend/tf.ts";
import { Model } from "../../src/model/model.ts";
import { Optimizer } from "../../src/model/optimizer.ts";
import { optimizers } from "../../src/model/optimizers.ts";
import { Parameter } from "../../src/model/parameter.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { built, classBatch, classes } from "./fixtures.ts";

await resolveBackend("wasm");

const start = [1, -2, 0.5, 3];
/** Gradients that change in size and sign. */
const gradientAt = (step: number) => start.map((x, i) => x * Math.cos(step + i) + 0.1);

/** The values after some updates. */
function follow(optimizer: Optimizer, steps: number): number[] {
  const parameter = new Parameter([4], { initializer: "zeros" });
  parameter.write(new NDArray("float32", [4], new Float32Array(start)));
  for (let step = 0; step < steps; step++) {
    tf().tidy(() => optimizer.update([["p", parameter]], { p: tf().tensor1d(gradientAt(step)) }));
  }
  const values = [...parameter.value.dataSync()];
  parameter.dispose();
  return values;
}

const near = (found: readonly number[], wanted: readonly number[], tolerance = 1e-6) =>
  found.forEach((x, i) => assert.ok(Math.abs(x - wanted[i]!) <= tolerance * (1 + Math.abs(x)), `${found} ~ ${wanted}`));

/** What each does by its formula, in plain numbers; gives the values after the updates. */
type Rule = (p: number, gradients: number[]) => number;
const rate = 0.1;
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
const adagrad: Rule = (p, gradients) => {
  let s = 0.1;
  for (const g of gradients) p -= rate * g / Math.sqrt((s += g * g) + 1e-7);
  return p;
};

const cases: [string, Record<string, unknown>, Rule, (() => TfjsOptimizer)?][] = [
  ["Sgd", {}, (p, gradients) => gradients.reduce((x, g) => x - rate * g, p), () => tf().train.sgd(rate)],
  ["Momentum", {}, momentum(false), () => tf().train.momentum(rate, 0.9)],
  ["Momentum", { nesterov: true }, momentum(true), () => tf().train.momentum(rate, 0.9, true)],
  ["Adam", {}, adam(0), () => tf().train.adam(rate, 0.9, 0.999, 1e-7)],
  ["AdamW", { weightDecay: 0.2 }, adam(0.2)],
  ["RMSProp", {}, rms(0), () => tf().train.rmsprop(rate, 0.9, 0, 1e-7)],
  ["RMSProp", { momentum: 0.5 }, rms(0.5), () => tf().train.rmsprop(rate, 0.9, 0.5, 1e-7)],
  ["Adagrad", {}, adagrad, () => tf().train.adagrad(rate, 0.1)],
];

const make = (name: string, options: Record<string, unknown> = {}) =>
  new (optimizers[name as "Sgd"])({ learningRate: rate, ...options }) as unknown as Optimizer;

Deno.test("optimizers: every one has a case", () => {
  assert.deepEqual(new Set(cases.map(([name]) => name)), new Set(Object.keys(optimizers)));
});

for (const [name, options, rule, tfjs] of cases) {
  const title = `${name} ${JSON.stringify(options)}`;

  Deno.test(`${title}: its formula`, () => {
    const wanted = start.map((p, i) => rule(p, [0, 1, 2, 3, 4].map((step) => gradientAt(step)[i]!)));
    near(follow(make(name, options), 5), wanted, 1e-5);
  });

  if (tfjs !== undefined) {
    Deno.test(`${title}: as tfjs's`, () => {
      const variable = tf().variable(tf().tensor1d(start));
      const other = tfjs();
      for (let step = 0; step < 5; step++) {
        // The gradient of a product with a constant is the constant.
        const loss = () => tf().sum(tf().mul(variable, tf().tensor1d(gradientAt(step)))) as Scalar;
        tf().tidy(() => void other.minimize(loss, false, [variable]));
      }
      near(follow(make(name, options), 5), [...variable.dataSync()], 1e-5);
    });
  }

  Deno.test(`${title}: trains without a leak, and continues to the same bits`, async () => {
    const batch = classBatch(8, [5], 3);
    const optimizer = { [name]: options };
    const layers = [{ dense: { units: 4, activation: "tanh" } }, "batchNormalization", { dense: {} }];
    const model = await built(layers, classes([5], 3), { optimizer });
    model.learn(batch);
    const tensors = tf().memory().numTensors;
    for (let i = 0; i < 3; i++) model.learn(batch);
    assert.equal(tf().memory().numTensors, tensors, "tensors are flat from step to step");
    const state = await model.state();
    const other = await Model.configure({ net: { Sequential: { layers } }, optimizer });
    await other.loadState(state);
    assert.equal(other.optimizer.step, 4);
    assert.deepEqual(other.learn(batch), model.learn(batch));
    assert.ok((await other.state()).equals(await model.state()));
    [model, other].forEach((each) => each.dispose());
  });
}

Deno.test("optimizers: the rate may be set while running, and a schedule is a factor of it", () => {
  const parameter = new Parameter([1], { initializer: "zeros" });
  const sgd = new optimizers.Sgd({ learningRate: 1, schedule: { StepDecay: { rate: 0.5, steps: 2 } } });
  const values = [1, 2, 3, 4].map((learningRate) => {
    sgd.learningRate = learningRate;
    tf().tidy(() => sgd.update([["p", parameter]], { p: tf().tensor1d([1]) }));
    return parameter.value.dataSync()[0];
  });
  assert.deepEqual(values, [-1, -3, -4.5, -6.5]);
});

Deno.test("optimizers: clipping", () => {
  const step = (options: Record<string, number>) => {
    const [a, b] = [1, 2].map((size) => new Parameter([size], { initializer: "zeros" }));
    const sgd = new optimizers.Sgd({ learningRate: 1, ...options });
    const gradients = () => ({ a: tf().tensor1d([3]), b: tf().tensor1d([0, -4]) });
    tf().tidy(() => sgd.update([["a", a!], ["b", b!]], gradients()));
    return [...a!.value.dataSync(), ...b!.value.dataSync()];
  };
  near(step({ clipValue: 3.5 }), [-3, 0, 3.5]);
  near(step({ clipNorm: 1 }), [-0.6, 0, 0.8]);
  near(step({ clipNorm: 10 }), [-3, 0, 4]);
});

Deno.test("optimizers: a state is loaded before the first update, and an empty one empties", async () => {
  const adam = make("Adam"), fresh = make("Adam");
  const empty = await adam.state();
  follow(adam, 2);
  await fresh.loadState(await adam.state());
  assert.ok((await fresh.state()).equals(await adam.state()));
  assert.deepEqual(fresh.slots.m!.p!.shape, [4]);
  await fresh.loadState(empty);
  assert.ok((await fresh.state()).equals(empty));
});

Deno.test("optimizers: wrong options", () => {
  assert.throws(() => make("Adam", { beta3: 1 }), /Cannot configure Adam: unknown key "beta3"; did you mean "beta/);
  assert.throws(() => make("Adam", { beta1: 1 }), /beta1/);
  assert.throws(() => make("Sgd", { learningRate: -1 }), /learningRate/);
  assert.throws(() => make("Sgd", { schedule: "StepDecoy" }), /schedule.*did you mean "StepDecay"/);
});
