import assert from "node:assert/strict";
import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../../src/backend/tf.ts";
import { Adagrad } from "../../src/model/adagrad.ts";
import { Model } from "../../src/model/model.ts";
import { Net } from "../../src/model/net.ts";
import type { Optimizer } from "../../src/model/optimizer.ts";
import { Parameter } from "../../src/model/parameter.ts";
import { Sequential } from "../../src/model/sequential.ts";
import { Sgd } from "../../src/model/sgd.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { seedTree } from "../../src/module/seed.ts";
import type { State } from "../../src/module/state.ts";
import { built, classBatch, classes } from "./fixtures.ts";

const layers = [
  { dense: { units: 12, activation: "relu" } },
  { dropout: { rate: 0.3 } },
  "batchNormalization",
  { gaussianNoise: { stddev: 0.1 } },
  { dense: {} },
];
const batch = classBatch(16, [2, 4], 3);

Deno.test("Model: learns", async () => {
  const model = await built([{ dense: { units: 16, activation: "relu" } }, { dense: {} }], classes([2, 4], 3), {
    optimizer: { Adam: { learningRate: 0.02 } },
  });
  assert.deepEqual(model.seriesNames(), ["loss", "accuracy"]);
  const first = await model.evaluate(batch);
  for (let i = 0; i < 60; i++) model.learn(batch);
  const last = await model.evaluate(batch);
  assert.ok(last.loss! < first.loss! / 4 && last.accuracy === 1, Deno.inspect([first, last]));
  model.dispose();
});

Deno.test("Model: a state in the middle continues to the same bits, also in a Model that was never built", async () => {
  const model = await built(layers, classes([2, 4], 3));
  for (let i = 0; i < 5; i++) model.learn(batch);
  const state = await model.state();
  const rest = [1, 2, 3].map(() => model.learn(batch));
  const other = await Model.configure({ net: { Sequential: { layers } } });
  await other.loadState(state);
  assert.ok((await other.state()).equals(state));
  assert.deepEqual([1, 2, 3].map(() => other.learn(batch)), rest);
  assert.ok((await other.state()).equals(await model.state()));
  other.build(classes([2, 4], 3));
  assert.ok((await other.state()).equals(await model.state()), "building what is there changes nothing");
});

Deno.test("Model: the same seed gives the same bits, another seed others", async () => {
  const run = async (seed: number) => {
    const model = new Model({ net: { Sequential: { layers } } });
    seedTree(model, seed);
    await model.prepare();
    model.build(classes([2, 4], 3));
    for (let i = 0; i < 3; i++) model.learn(batch);
    return (await model.state()) as State;
  };
  const [a, b, c] = [await run(1), await run(1), await run(2)];
  assert.ok(a.equals(b));
  assert.ok(!a.equals(c));
});

Deno.test("Model: building and evaluating change no state", async () => {
  const model = await built(layers, classes([2, 4], 3));
  const before = await model.state();
  assert.equal(before.net.dropout_1.random.counter, 0);
  assert.ok(before.net.batch_normalization_1.moving_mean.data.every((x: number) => x === 0));
  model.build(classes([2, 4], 3));
  model.evaluate(batch);
  await model.forward(batch.input);
  assert.ok((await model.state()).equals(before));
  model.learn(batch);
  const after = await model.state();
  assert.notEqual(after.net.dropout_1.random.counter, 0);
  assert.ok(after.net.batch_normalization_1.moving_mean.data.some((x: number) => x !== 0));
});

Deno.test("Model: forward, alone", async () => {
  const model = await Model.configure({ net: { Sequential: { layers: [{ dense: { units: 3, inputShape: [4] } }] } } });
  const output = await model.forward(new NDArray("float32", [5, 4], new Float32Array(20)));
  assert.deepEqual(output.shape, [5, 3]);
  assert.deepEqual((await model(new NDArray("uint8", [1, 4]))).shape, [1, 3]);
  assert.deepEqual((await model.state()).net.dense_1.kernel.shape, [4, 3]);
  const misfit = model.forward(new NDArray("float32", [2, 5])); // rejects, and does not throw in line
  await assert.rejects(misfit, /Cannot run layer dense_1/);
});

Deno.test("Model: an optimizer that is put in its place begins afresh", async () => {
  const model = await built([{ dense: {} }], classes([2, 4], 3));
  model.learn(batch);
  assert.deepEqual(Object.keys(model.optimizer.slots), ["m", "v"]);
  model.optimizer = new Sgd({ learningRate: 0.05 }) as Optimizer;
  model.learn(batch);
  assert.deepEqual([model.optimizer.step, model.optimizer.slots], [1, {}]);
  model.optimizer = new Adagrad() as Optimizer;
  model.learn(batch);
  assert.deepEqual(Object.keys(model.optimizer.slots.squares!), ["dense_1/kernel", "dense_1/bias"]);
});

Deno.test("Model: targets of numbers, of one-hot rows, and of any dtype", async () => {
  const numbers = await built([{ dense: {} }], {
    input: { shape: [4], dtype: "float32" },
    target: { shape: [2], dtype: "float64" },
  });
  assert.deepEqual(numbers.seriesNames(), ["loss", "meanError"]);
  const input = new NDArray("float64", [2, 4], new Float64Array(8).fill(1));
  const target = new NDArray("float64", [2, 2], new Float64Array(4));
  assert.ok((await numbers.learn({ input, target, size: 2 })).loss! > 0);
  const rows = await built([{ dense: {} }], {
    input: { shape: [4], dtype: "uint8" },
    target: { shape: [3], dtype: "float32", classes: 3 },
  });
  assert.equal(rows.criterion.constructor.name, "CategoricalCrossentropy");
  const oneHot = new NDArray("uint8", [1, 3], new Uint8Array([0, 1, 0]));
  rows.learn({ input: new NDArray("uint8", [1, 4]), target: oneHot, size: 1 });
});

Deno.test("Model: a net that ends in softmax", async () => {
  const layers = [{ dense: { units: 3, activation: "softmax" } }];
  const chosen = await built(layers, classes([4], 3));
  assert.equal((chosen.criterion as unknown as { fromLogits: boolean }).fromLogits, false);
  assert.deepEqual(chosen.status.warnings, []);
  const named = await built(layers, classes([4], 3), {
    criterion: { SparseCategoricalCrossentropy: { fromLogits: true } },
  });
  assert.match(named.status.warnings.join(), /takes logits, and the net ends in softmax; leave that out, or give/);
  const binary = await Model.configure({
    net: { Sequential: { layers: [{ dense: { units: 1, activation: "sigmoid" } }] } },
    criterion: { BinaryCrossentropy: { fromLogits: false } },
    metrics: [{ Accuracy: { fromLogits: true } }],
  });
  binary.build({ input: { shape: [4], dtype: "float32" }, target: { shape: [], dtype: "int32", classes: 2 } });
  assert.match(binary.status.warnings.join(), /^Accuracy takes logits, and the net ends in sigmoid/);
});

Deno.test("Model: two metrics of a kind have a series each", async () => {
  const model = await built([{ dense: {} }], classes([4], 3), { metrics: [{ TopK: { k: 1 } }, { TopK: { k: 2 } }] });
  assert.deepEqual(model.seriesNames(), ["loss", "topK", "topK_2"]);
  const numbers = await model.evaluate(classBatch(16, [4], 3));
  assert.ok(numbers.topK! < numbers.topK_2!);
});

Deno.test("Model: a net that is put in its place while it trains is built for the same data", async () => {
  const model = await built([{ dense: {} }], classes([2, 4], 3));
  model.learn(batch);
  model.net = new Sequential({ layers: [{ dense: { units: 5 } }, { dense: {} }] });
  assert.ok(Number.isFinite((await model.learn(batch)).loss));
  assert.deepEqual((await model.state()).net.dense_2.kernel.shape, [5, 3]);
  assert.deepEqual(model.optimizer.slots.m!["dense_1/kernel"]!.shape, [8, 5]);
});

Deno.test("Model: what the backend lacks is told before the first step, with the layer", async () => {
  const gradient = tf().getGradient("Elu");
  tf().unregisterGradient("Elu");
  try {
    const layers = [{ dense: { units: 3 } }, "elu", { dense: {} }];
    const model = new Model({ net: { Sequential: { layers } } });
    await model.prepare();
    const message =
      /^Error: Cannot train layer elu_1 on the wasm backend: it lacks the gradient of Elu; choose another/;
    assert.throws(() => model.build(classes([4], 3)), message);
    model.dispose();
  } finally {
    tf().registerGradient(gradient);
  }
});

class Shift extends Net {
  weight = new Parameter([4, 3], { initializer: "heNormal" });
  shift = { of: new Parameter([3], { initializer: "zeros" }), kept: new Parameter([3], { trainable: false }) };
  override invoke(x: Tensor): Tensor {
    return tf().add(tf().matMul(x as never, this.weight.value as never), this.shift.of.value);
  }
}

Deno.test("Model: a net of one's own", async () => {
  const model = new Model({ net: new Shift() });
  seedTree(model, 3);
  await model.prepare();
  model.build(classes([4], 3));
  const own = classBatch(8, [4], 3);
  const before = await model.state();
  const first = await model.learn(own);
  for (let i = 0; i < 400; i++) model.learn(own);
  const after = await model.state();
  assert.ok((await model.evaluate(own)).loss! < first.loss!);
  assert.deepEqual(Object.keys(model.optimizer.slots.m!), ["weight", "shift/of"]);
  assert.ok(after.net.shift.kept.equals(before.net.shift.kept));
});

Deno.test("Model: regularizers add to the loss and to the gradient", async () => {
  const dense = { units: 3, kernelRegularizer: { l2: 0.5 } };
  const model = await built([{ dense }], classes([4], 3));
  const plain = await built([{ dense: { units: 3 } }], classes([4], 3));
  const own = classBatch(8, [4], 3);
  const kernel = (await model.state()).net.dense_1.kernel.data as Float32Array;
  const penalty = 0.5 * kernel.reduce((sum, x) => sum + x * x, 0);
  const difference = (await model.evaluate(own)).loss! - (await plain.evaluate(own)).loss!;
  assert.ok(Math.abs(difference - penalty) < 1e-5);
  model.optimizer = new Sgd({ learningRate: 0.1 }) as Optimizer;
  plain.optimizer = new Sgd({ learningRate: 0.1 }) as Optimizer;
  model.learn(own);
  plain.learn(own);
  const [a, b] = [await model.state(), await plain.state()].map((state) => state.net.dense_1.kernel.data[0]);
  assert.ok(Math.abs(b - a - 0.1 * kernel[0]!) < 1e-5, "p -= rate * 2 * l2 * p");
});

Deno.test("Model: a constraint holds after each update", async () => {
  const model = await built([{ dense: { units: 3, kernelConstraint: "nonNeg" } }], classes([4], 3));
  for (let i = 0; i < 3; i++) model.learn(classBatch(8, [4], 3));
  assert.ok((await model.state()).net.dense_1.kernel.data.every((x: number) => x >= 0));
});

Deno.test("Model: what doesn't fit is found before the first step", async () => {
  const tensors = () => tf().memory().numTensors;
  const fails = async (message: RegExp, layers: never[], description = classes([8, 8, 1], 10), options = {}) => {
    const before = tensors();
    const model = new Model({ net: { Sequential: { layers } }, ...options });
    await model.prepare();
    assert.throws(() => model.build(description), message);
    model.dispose();
    assert.equal(tensors(), before, `${message} left tensors behind`);
  };
  const conv = { conv2d: { filters: 2, kernelSize: 3 } };
  await fails(
    /TypeError: Cannot run layer conv2d_1 on items of shape \[64\]/,
    [{ dense: { units: 64 } }, conv] as never,
  );
  await fails(/conv2d_2.*nothing is left/, [{ conv2d: { filters: 2, kernelSize: 7 } }, conv] as never);
  await fails(/takes items of shape \[5\], found \[8,8,1\]/, [{ dense: { units: 3, inputShape: [5] } }] as never);
  await fails(/SparseCategoricalCrossentropy.*\[2,6,6,2\].*\[2\]/s, [conv] as never);
  await fails(/MeanSquaredError.*\[2,4\].*\[2\]/s, [{ dense: { units: 4 } }] as never, classes([3], 4), {
    criterion: { MeanSquaredError: {} },
  });
  class Empty extends Net {
    override invoke(x: Tensor): Tensor {
      return x;
    }
  }
  const empty = new Model({ net: new Empty() });
  await empty.prepare();
  assert.throws(() => empty.build(classes([3], 3)), /Cannot train Empty: it has no Parameter/);
});

Deno.test("Model: a class out of range is an error, not a wrong loss", async () => {
  const model = await built([{ dense: { units: 3 } }], classes([4], 3));
  const bad = { ...classBatch(2, [4], 3), target: new NDArray("int32", [2], [0, 3]) };
  const before = tf().memory().numTensors;
  const weights = await model.state();
  assert.throws(() => model.learn(bad), /RangeError: Cannot compute SparseCategoricalCrossentropy: found class 3/);
  assert.equal(tf().memory().numTensors, before);
  assert.ok((await model.state()).equals(weights));
});

Deno.test("Model: dispose frees every tensor", async () => {
  const before = tf().memory().numTensors;
  const model = await built(layers, classes([2, 4], 3));
  model.learn(batch);
  assert.ok(tf().memory().numTensors > before);
  model.dispose();
  assert.equal(tf().memory().numTensors, before);
});
