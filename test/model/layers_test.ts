import assert from "node:assert/strict";
import type { layers } from "@tensorflow/tfjs-layers";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { tf } from "../../src/backend/tf.ts";
import { type LayerDescription, type LayerName, layerOptions } from "../../src/model/layer_options.ts";
import { parametersOf } from "../../src/model/net.ts";
import { Sequential } from "../../src/model/sequential.ts";
import { seedTree } from "../../src/module/seed.ts";
import type { State } from "../../src/module/state.ts";

await resolveBackend("wasm");

const image = [6, 6, 2], volume = [4, 4, 4, 2], sequence = [5, 3];

/** For each layer: options, the shape of an item, the shape that comes out. */
const cases: Record<LayerName, [options: object, input: number[], output: number[]]> = {
  inputLayer: [{ inputShape: [4] }, [4], [4]],
  dense: [{ units: 3, activation: "selu", kernelInitializer: "orthogonal" }, [4], [3]],
  activation: [{ activation: "softmax" }, [4], [4]],
  flatten: [{}, image, [72]],
  reshape: [{ targetShape: [2, 2] }, [4], [2, 2]],
  permute: [{ dims: [2, 1] }, sequence, [3, 5]],
  repeatVector: [{ n: 2 }, [4], [2, 4]],
  masking: [{ maskValue: 0 }, sequence, sequence],
  embedding: [{ inputDim: 9, outputDim: 2 }, [5], [5, 2]],
  elu: [{}, [4], [4]],
  reLU: [{ maxValue: 6 }, [4], [4]],
  leakyReLU: [{ alpha: 0.1 }, [4], [4]],
  thresholdedReLU: [{ theta: 0.5 }, [4], [4]],
  softmax: [{}, [4], [4]],
  prelu: [{ alphaInitializer: "ones" }, [4], [4]],
  conv1d: [{ filters: 2, kernelSize: 3 }, sequence, [3, 2]],
  conv2d: [{ filters: 3, kernelSize: 3, padding: "same", activation: "relu", strides: 2 }, image, [3, 3, 3]],
  conv3d: [{ filters: 2, kernelSize: 2 }, volume, [3, 3, 3, 2]],
  conv2dTranspose: [{ filters: 3, kernelSize: 2, strides: 2 }, image, [12, 12, 3]],
  conv3dTranspose: [{ filters: 3, kernelSize: 2, strides: 2 }, volume, [8, 8, 8, 3]],
  separableConv2d: [{ filters: 3, kernelSize: 3 }, image, [4, 4, 3]],
  depthwiseConv2d: [{ kernelSize: 3, depthMultiplier: 2 }, image, [4, 4, 4]],
  maxPooling1d: [{ poolSize: 2 }, sequence, [2, 3]],
  maxPooling2d: [{ poolSize: 2 }, image, [3, 3, 2]],
  maxPooling3d: [{ poolSize: 2 }, volume, [2, 2, 2, 2]],
  averagePooling1d: [{ poolSize: 2 }, sequence, [2, 3]],
  averagePooling2d: [{ poolSize: [2, 3] }, image, [3, 2, 2]],
  averagePooling3d: [{ poolSize: 2 }, volume, [2, 2, 2, 2]],
  globalAveragePooling1d: [{}, sequence, [3]],
  globalAveragePooling2d: [{}, image, [2]],
  globalMaxPooling1d: [{}, sequence, [3]],
  globalMaxPooling2d: [{}, image, [2]],
  upSampling2d: [{ size: [2, 2] }, image, [12, 12, 2]],
  zeroPadding2d: [{ padding: [1, 2] }, image, [8, 10, 2]],
  cropping2D: [{ cropping: [[1, 1], [0, 2]] }, image, [4, 4, 2]],
  batchNormalization: [{ momentum: 0.9 }, [4], [4]],
  layerNormalization: [{}, [4], [4]],
  simpleRNN: [{ units: 2, returnSequences: true }, sequence, [5, 2]],
  gru: [{ units: 2 }, sequence, [2]],
  lstm: [{ units: 2 }, sequence, [2]],
  convLstm2d: [{ filters: 2, kernelSize: 3 }, [3, ...image], [4, 4, 2]],
  simpleRNNCell: [{ units: 2 }, [3], [2]],
  gruCell: [{ units: 2 }, [3], [2]],
  lstmCell: [{ units: 2 }, [3], [2]],
  rnn: [{ cell: [{ lstmCell: { units: 3 } }, { gruCell: { units: 2 } }] }, sequence, [2]],
  bidirectional: [{ layer: { lstm: { units: 2 } }, mergeMode: "concat" }, sequence, [4]],
  timeDistributed: [{ layer: { dense: { units: 2 } } }, sequence, [5, 2]],
  rescaling: [{ scale: 2, offset: 1 }, [4], [4]],
  resizing: [{ height: 3, width: 3 }, image, [3, 3, 2]],
  centerCrop: [{ height: 4, width: 4 }, image, [4, 4, 2]],
  dropout: [{ rate: 0.5, noiseShape: [null, 1] }, [4], [4]],
  spatialDropout1d: [{ rate: 0.5 }, sequence, sequence],
  spatialDropout2d: [{ rate: 0.5 }, image, image],
  gaussianNoise: [{ stddev: 1 }, [4], [4]],
  gaussianDropout: [{ rate: 0.5 }, [4], [4]],
  alphaDropout: [{ rate: 0.5 }, [4], [4]],
};
/** Parts of an `rnn`, which are not layers by themselves. */
const cells = ["simpleRNNCell", "gruCell", "lstmCell"];

async function made(layers: LayerDescription[], shape: number[], seed = 1): Promise<Sequential> {
  const net = new Sequential({ layers });
  seedTree(net, seed);
  await net.prepare();
  net.build(shape);
  return net;
}

for (const [name, [options, input, output]] of Object.entries(cases)) {
  if (cells.includes(name)) continue;
  Deno.test(`layer ${name}: its shape, its state, no leak, the same seed the same bits`, async () => {
    const before = tf().memory().numTensors;
    const nets = [await made([{ [name]: options }], input), await made([{ [name]: options }], input)];
    assert.deepEqual(nets[0]!.outputShape, output);
    const values = nets.map((net) =>
      tf().tidy(() => {
        const length = input.reduce((a, b) => a * b, 2);
        const x = tf().tensor(Float32Array.from({ length }, (_, i) => i * 7 % 5), [2, ...input]);
        const y = net(x, { training: true });
        assert.deepEqual(y.shape, [2, ...output]);
        return [...y.dataSync()];
      })
    );
    assert.ok(values[0]!.every(Number.isFinite));
    assert.deepEqual(values[0], values[1]);
    const [a, b] = await Promise.all(nets.map((net) => net.state()));
    assert.ok(a!.equals(b));
    const other = new Sequential({ layers: [{ [name]: options }] });
    await other.loadState(a as State);
    assert.ok((await other.state()).equals(a));
    for (const net of [...nets, other]) for (const [, parameter] of parametersOf(net)) parameter.dispose();
    assert.equal(tf().memory().numTensors, before);
  });
}

Deno.test("layers: every one has a case, and tf.layers or we have it", () => {
  assert.deepEqual(Object.keys(cases).toSorted(), Object.keys(layerOptions).toSorted());
  const tfjs = Object.keys(tf().layers.layers);
  assert.deepEqual(Object.keys(layerOptions).filter((name) => !tfjs.includes(name)), ["spatialDropout2d"]);
});

Deno.test("layers: every option that a layer of tfjs writes is known, or left out knowingly", () => {
  // What tfjs writes of itself, what is ours, and what can't be saved or seeded.
  const leftOut = [
    "dtype",
    "activityRegularizer",
    "stateful",
    "returnState",
    "seed",
    "dropout",
    "recurrentDropout",
    "resetAfter",
  ];
  for (
    const name of ["dense", "conv2d", "batchNormalization", "lstm", "embedding", "gru", "layerNormalization"] as const
  ) {
    const make = (tf().layers.layers as unknown as Record<string, (options: object) => { getConfig(): object }>)[name]!;
    const written = Object.keys(make({ ...cases[name][0] }).getConfig()).filter((key) => !leftOut.includes(key));
    const known = Object.keys(layerOptions[name].shape);
    assert.deepEqual(written.filter((key) => !known.includes(key)), [], name);
  }
});

Deno.test("layers: the values are those of tf.layers with the same weights", async () => {
  for (const name of ["dense", "lstm", "gru", "conv2d", "bidirectional", "batchNormalization", "prelu"] as const) {
    const [options, input] = cases[name];
    const net = await made([{ [name]: options }], input);
    const gates = { recurrentActivation: "sigmoid" } as const; // Keras's; tfjs's own is another
    const inner = name === "bidirectional" ? { layer: tf().layers.layers.lstm({ units: 2, ...gates }) } : {};
    const make = tf().layers.layers[name] as unknown as (options: object) => layers.Layer;
    const layer = make({ ...(name === "lstm" || name === "gru" ? gates : {}), ...options, ...inner });
    const difference = tf().tidy(() => {
      const x = tf().randomNormal([2, ...input], 0, 1, "float32", 3);
      layer.apply(x);
      layer.setWeights(parametersOf(net).map(([, parameter]) => parameter.value));
      return tf().max(tf().abs(tf().sub(layer.apply(x) as typeof x, net(x)))).dataSync()[0]!;
    });
    assert.ok(difference < 1e-6, `${name}: ${difference}`);
  }
});

Deno.test("layers: a mask passes from layer to layer", async () => {
  const net = await made([{ embedding: { inputDim: 9, outputDim: 2, maskZero: true } }, { lstm: { units: 2 } }], [4]);
  const [short, long] = tf().tidy(() => {
    const run = (...tokens: number[]) => [...net(tf().tensor2d([tokens])).dataSync()];
    return [run(3, 4, 0, 0), run(3, 4, 5, 6)];
  });
  const plain = await made([{ embedding: { inputDim: 9, outputDim: 2 } }, { lstm: { units: 2 } }], [2]);
  const two = tf().tidy(() => [...plain(tf().tensor2d([[3, 4]])).dataSync()]);
  assert.deepEqual(short, two, "what is masked counts as not being there");
  assert.notDeepEqual(short, long);
});
