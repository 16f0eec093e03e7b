import assert from "node:assert/strict";
import type { Optimizer as TfjsOptimizer, Scalar } from "@tensorflow/tfjs-core";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { tf } from "../../src/backend/tf.ts";
import { Model } from "../../src/model/model.ts";
import { optimizers } from "../../src/model/optimizers.ts";
import { Parameter } from "../../src/model/parameter.ts";
import { built, classBatch, classes } from "./fixtures.ts";
import { follow, gradientAt, make, optimizerCases, rate, start } from "./matrix/optimizer_cases.ts";

await resolveBackend("wasm");

const near = (found: readonly number[], wanted: readonly number[], tolerance = 1e-6) =>
  found.forEach((x, i) => assert.ok(Math.abs(x - wanted[i]!) <= tolerance * (1 + Math.abs(x)), `${found} ~ ${wanted}`));

/** tfjs's own, where it has one that does the same. */
const others: Record<string, () => TfjsOptimizer> = {
  "Sgd {}": () => tf().train.sgd(rate),
  "Momentum {}": () => tf().train.momentum(rate, 0.9),
  'Momentum {"nesterov":true}': () => tf().train.momentum(rate, 0.9, true),
  "Adam {}": () => tf().train.adam(rate, 0.9, 0.999, 1e-7),
  "RMSProp {}": () => tf().train.rmsprop(rate, 0.9, 0, 1e-7),
  'RMSProp {"momentum":0.5}': () => tf().train.rmsprop(rate, 0.9, 0.5, 1e-7),
  "Adamax {}": () => tf().train.adamax(rate, 0.9, 0.999, 1e-7),
  "Adagrad {}": () => tf().train.adagrad(rate, 0.1),
};

Deno.test("optimizers: every one has a case", () => {
  assert.deepEqual(new Set(optimizerCases.map(([name]) => name)), new Set(Object.keys(optimizers)));
});

for (const [name, options] of optimizerCases) {
  const title = `${name} ${JSON.stringify(options)}`;

  const tfjs = others[title];
  if (tfjs !== undefined) {
    Deno.test(`${title}: as tfjs's`, async () => {
      const variable = tf().variable(tf().tensor1d([...start]));
      const other = tfjs();
      for (let step = 0; step < 5; step++) {
        // The gradient of a product with a constant is the constant.
        const loss = () => tf().sum(tf().mul(variable, tf().tensor1d(gradientAt(step)))) as Scalar;
        tf().tidy(() => void other.minimize(loss, false, [variable]));
      }
      near(await follow(make(name, options), 5), [...variable.dataSync()], 1e-5);
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
  await follow(adam, 2);
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
