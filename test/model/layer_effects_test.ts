import assert from "node:assert/strict";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { tf } from "../../src/backend/tf.ts";
import type { Layer } from "../../src/model/layer.ts";
import { common } from "../../src/model/layer_fields.ts";
import { type LayerDescription, type LayerName, layerOptions } from "../../src/model/layer_options.ts";
import { layerOf } from "../../src/model/layers.ts";
import { parametersOf } from "../../src/model/net.ts";
import { seedTree } from "../../src/module/seed.ts";
import { spaced } from "../differences.ts";
import { layerCases } from "./matrix/layer_cases.ts";

await resolveBackend("wasm");

/** Another value for each option, by its name; first those of one layer. */
const others: Record<string, unknown> = {
  "activation.activation": "sigmoid",
  "lstm.activation": "sigmoid",
  "gru.activation": "sigmoid",
  "simpleRNN.activation": "sigmoid",
  "convLstm2d.activation": "sigmoid",
  "resizing.interpolation": "nearest",
  "zeroPadding2d.padding": 2,
  "bidirectional.layer": { gru: { units: 3 } },
  "timeDistributed.layer": { dense: { units: 3 } },
  "rnn.cell": { gruCell: { units: 3 } },
  "permute.dims": [1, 2],
  "softmax.axis": 2,
  "centerCrop.height": 3,
  "prelu.sharedAxes": [1],
  "flatten.dataFormat": "channelsFirst",
  activation: "tanh",
  alpha: 0.6,
  axis: 1,
  center: false,
  cropping: [[0, 1], [1, 0]],
  cropToAspectRatio: true,
  dataFormat: "channelsFirst",
  depthMultiplier: 2,
  dilationRate: 2,
  epsilon: 0.5,
  filters: 5,
  goBackwards: true,
  height: 2,
  inputDim: 9,
  interpolation: "bilinear",
  kernelSize: 1,
  maskValue: 0.1,
  maskZero: true,
  maxValue: 0.2,
  mergeMode: "mul",
  momentum: 0.3,
  n: 2,
  noiseShape: [null, 1, 4],
  offset: 3,
  outputDim: 5,
  padding: "same",
  poolSize: 3,
  rate: 0.7,
  recurrentActivation: "tanh",
  returnSequences: true,
  scale: false,
  "rescaling.scale": 3,
  sharedAxes: [1],
  size: [1, 3],
  stddev: 2,
  strides: 3,
  targetShape: [4, -1],
  theta: 0.3,
  unitForgetBias: false,
  units: 6,
  useBias: false,
  width: 2,
};
/** They may be written, and change nothing that is computed. */
const inert = ["implementation", "unroll", "inputLength", "dropout", "recurrentDropout", ...Object.keys(common)];
/** These tell the shape of the input, or may have one value only. */
const told = ["dense.inputDim", "conv2dTranspose.dilationRate", "conv3dTranspose.dilationRate"];

function otherValue(type: string, option: string): unknown {
  if (option.endsWith("Initializer")) return { className: "Constant", config: { value: 0.7 } };
  if (option.endsWith("Regularizer")) return { l2: 0.1 };
  if (option.endsWith("Constraint")) return { className: "NonNeg", config: {} };
  const value = others[`${type}.${option}`] ?? others[option];
  assert.notEqual(value, undefined, `give ${type}.${option} another value in this test`);
  return value;
}

/** All that can be seen of a layer: shapes, weights, outputs, the mask, penalties and what constraints do. */
function seen(description: LayerDescription, input: readonly number[], below?: number): string {
  const layer = layerOf(description) as Layer;
  seedTree(layer, 4);
  const before = tf().memory().numTensors;
  try {
    layer.build(input);
    return tf().tidy(() => {
      const size = input.reduce((a, b) => a * b, 2);
      const values = spaced(size, 2).map((value, i) => below === undefined ? value : i % below);
      values.fill(0.1, 0, input.at(-1)); // a time step that may be masked
      const x = tf().tensor(values, [2, ...input]);
      const numbers = (tensor?: { dataSync(): ArrayLike<number> }) => tensor && Array.from(tensor.dataSync());
      const weights = () => parametersOf(layer).map(([name, { value }]) => [name, value.shape, numbers(value)]);
      const found: unknown[] = [layer.outputShape(input), weights(), numbers(layer.mask(x))];
      found.push(numbers(layer(x, { training: false })), numbers(layer(x, { training: true })), weights());
      for (const [, parameter] of parametersOf(layer)) parameter.assign(tf().fill([...parameter.shape], -1.5));
      found.push(weights(), layer.penalties().map(numbers));
      return JSON.stringify(found);
    });
  } catch (error) {
    return `${error}`;
  } finally {
    for (const [, parameter] of parametersOf(layer)) parameter.dispose();
    assert.equal(tf().memory().numTensors, before);
  }
}

for (const [type, cases] of Object.entries(layerCases)) {
  Deno.test(`layer options: each of ${type} does something`, () => {
    const axes = "axis" in layerOptions[type as LayerName].shape;
    const { options, input, below } = cases.find(({ input }) => !axes || input.length > 2)!;
    const plain = seen({ [type]: options }, input, below);
    for (const option of Object.keys(layerOptions[type as LayerName].shape)) {
      if (inert.includes(option) || told.includes(`${type}.${option}`)) continue;
      const changed = seen({ [type]: { ...options, [option]: otherValue(type, option) } }, input, below);
      assert.notEqual(changed, plain, `${option} is overlooked`);
    }
  });
}
