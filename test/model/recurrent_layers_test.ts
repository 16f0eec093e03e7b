import assert from "node:assert/strict";
import type { Tensor } from "@tensorflow/tfjs-core";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { tf } from "../../src/backend/tf.ts";
import { improved } from "../../src/model/improved/improvements.ts";
import { makeLayer } from "../../src/model/make_layer.ts";
import { Random } from "../../src/module/random.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { built } from "./fixtures.ts";

/** What this test uses of a layer of tfjs. */
interface Built {
  build(shape: (number | null)[]): void;
  call(x: Tensor, options: Record<string, unknown>): Tensor | Tensor[];
  getWeights(): Tensor[];
  setWeights(weights: Tensor[]): void;
}
type Arrays = { shape: number[]; values: Float32Array }[];

const [batch, time, features, units] = [3, 5, 4, 6];
const cell = (type: string, options = {}) => ({ [type]: { units, ...options } });

/** Layers by name and options, with what is given to the call. */
const cases: [type: string, options: Record<string, unknown>, call?: { mask?: boolean; states?: number }][] = [
  ...["lstm", "gru", "simpleRNN"].flatMap((type): typeof cases => [
    [type, { units }],
    [type, { units, returnSequences: true }],
    [type, { units, returnSequences: true, goBackwards: true }, { mask: true }],
    [type, { units, useBias: false, returnState: true }, { states: type === "lstm" ? 2 : 1 }],
    [type, { units, returnSequences: true, returnState: true }],
    [type, { units }, { mask: true }],
    ["bidirectional", { layer: cell(type) }],
    ["bidirectional", { layer: cell(type, { returnSequences: true }), mergeMode: "sum" }, { mask: true }],
  ]),
  ["lstm", { units, recurrentActivation: "sigmoid" }],
  ["gru", { units, recurrentActivation: "sigmoid", unroll: false }],
  ["rnn", { cell: cell("lstmCell"), returnSequences: true }],
  ["rnn", { cell: cell("gruCell") }],
];
/** What tfjs runs itself. */
const others: typeof cases = [
  ["lstm", { units, activation: "relu" }],
  ["gru", { units, recurrentActivation: "softsign" }],
  ["simpleRNN", { units, activation: "linear" }],
  ["rnn", { cell: [cell("lstmCell"), cell("gruCell")] }],
];

for (const backend of ["wasm", "cpu"]) {
  Deno.test(`a recurrent layer on ${backend} gives what tfjs's own gives on cpu`, async () => {
    for (const [type, options, call = {}] of [...cases, ...others]) {
      await resolveBackend("cpu");
      const stock = makeLayer(type, options) as unknown as Built;
      const weights = build(stock);
      const wanted = run(stock, weights, call);
      await resolveBackend(backend);
      const ours = improved(makeLayer(type, options)) as unknown as Built;
      build(ours);
      const found = run(ours, weights, call);
      assert.deepEqual(found.map(({ shape }) => shape), wanted.map(({ shape }) => shape));
      found.forEach(({ values }, i) => {
        values.forEach((value, k) => {
          const error = Math.abs(value - wanted[i]!.values[k]!);
          assert(error < 2e-6, `${type} ${JSON.stringify(options)}: output ${i}, number ${k} is off by ${error}`);
        });
      });
      dispose(stock, ours);
    }
  });
}

Deno.test("a recurrent layer with the usual activations runs as one kernel, others don't", async () => {
  await resolveBackend("wasm");
  const fused = async ([type, options, call = {}]: (typeof cases)[number]): Promise<boolean> => {
    const layer = improved(makeLayer(type, options)) as unknown as Built;
    const weights = build(layer);
    const { kernelNames } = await tf().profile(() => void run(layer, weights, call) as never);
    dispose(layer);
    return ["Lstm", "Gru", "SimpleRnn"].some((name) => kernelNames.includes(name));
  };
  for (const options of cases) assert(await fused(options), JSON.stringify(options));
  for (const options of others) assert(!await fused(options), JSON.stringify(options));
});

Deno.test("recurrent nets learn which half of a series is greater, and memory stays flat", async () => {
  await resolveBackend("wasm");
  for (const type of ["lstm", "gru", "simpleRNN"]) {
    const model = await built(
      [{ masking: { maskValue: -9 } }, { bidirectional: { layer: { [type]: { units: 5 } } } }, { dense: { units: 2 } }],
      { input: { shape: [8, 1], dtype: "float32" }, target: { shape: [], dtype: "int32", classes: 2 } },
      { optimizer: { Adam: { learningRate: 0.02 } } },
    );
    const before = (await model.learn(halves(1))).loss!;
    for (let i = 0; i < 20; i++) await model.learn(halves(i));
    const { numTensors, numBytes } = tf().memory(), ids = tf().backend().numDataIds();
    for (let i = 0; i < 80; i++) await model.learn(halves(i));
    assert.equal(tf().memory().numTensors, numTensors);
    assert.equal(tf().memory().numBytes, numBytes);
    assert.equal(tf().backend().numDataIds(), ids);
    const { loss, accuracy } = await model.evaluate(halves(1000));
    assert(loss! < before / 2 && accuracy! > 0.85, `${type}: loss ${before} -> ${loss}, accuracy ${accuracy}`);
    model.dispose();
  }
});

/** 64 series of 8 numbers, and whether the first half's sum is greater than the second's. */
function halves(seed: number) {
  const random = new Random(seed + 1);
  const data = Float32Array.from({ length: 64 * 8 }, () => random.normal());
  const target = Int32Array.from({ length: 64 }, (_, i) => {
    const sum = (from: number) => data.subarray(i * 8 + from, i * 8 + from + 4).reduce((a, b) => a + b, 0);
    return Number(sum(0) > sum(4));
  });
  return { input: new NDArray("float32", [64, 8, 1], data), target: new NDArray("int32", [64], target), size: 64 };
}

/** Makes a layer's weights; gives values for them. */
function build(layer: Built): Arrays {
  layer.build([null, time, features]);
  const random = new Random(3);
  return layer.getWeights().map(({ shape, size }) => ({
    shape,
    values: Float32Array.from({ length: size }, () => 0.5 * random.normal()),
  }));
}

function run(layer: Built, weights: Arrays, { mask, states = 0 }: { mask?: boolean; states?: number }): Arrays {
  const random = new Random(7);
  const draw = (shape: number[]) => {
    const length = shape.reduce((product, n) => product * n, 1);
    return tf().tensor(Float32Array.from({ length }, () => random.normal()), shape);
  };
  let outputs: Arrays = [];
  tf().tidy(() => {
    layer.setWeights(weights.map(({ shape, values }) => tf().tensor(values, shape)));
    const x = draw([batch, time, features]);
    const initialState = states === 0 ? null : Array.from({ length: states }, () => draw([batch, units]));
    const options = { initialState, ...(mask ? { mask: tf().greater(draw([batch, time]), -0.3) } : {}) };
    const made = [layer.call(x, options)].flat();
    outputs = made.map((tensor) => ({ shape: tensor.shape, values: tensor.dataSync().slice() as Float32Array }));
  });
  return outputs;
}

function dispose(...layers: Built[]): void {
  for (const layer of layers) tf().dispose(layer.getWeights());
}
