import assert from "node:assert/strict";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { tf } from "../../src/backend/tf.ts";
import type { LayerDescription } from "../../src/model/layer_options.ts";
import { parametersOf } from "../../src/model/net.ts";
import { Sequential } from "../../src/model/sequential.ts";
import { seedTree } from "../../src/module/seed.ts";

await resolveBackend("wasm");
const names = (net: Sequential) => parametersOf(net).map(([name]) => name);

Deno.test("Sequential: layers by type and number, or by the name they are given", async () => {
  const net = new Sequential({
    layers: [{ dense: { units: 3 } }, "batchNormalization", { dense: { units: 2, name: "head" } }, {
      dense: { units: 1 },
    }],
  });
  net.build([4]);
  assert.deepEqual(names(net), [
    ...["dense_1/kernel", "dense_1/bias"],
    ...["gamma", "beta", "moving_mean", "moving_variance"].map((name) => `batch_normalization_1/${name}`),
    ...["head/kernel", "head/bias", "dense_3/kernel", "dense_3/bias"],
  ]);
  const state = await net.state();
  assert.deepEqual([state.inputShape, state.outputShape, state.head.kernel.shape], [[4], [1], [3, 2]]);
  assert.throws(
    () => new Sequential({ layers: [{ dense: { units: 1, name: "a.b" } }] }),
    /layers.0.dense.name: a name of/,
  );
});

Deno.test("Sequential: names that are taken are told", () => {
  for (const name of ["random", "inputShape", "build", "dense_2"]) {
    const net = new Sequential({ layers: [{ dense: { units: 1, name } }, { dense: { units: 1 } }] });
    assert.throws(() => net.build([2]), new RegExp(`Cannot name a layer "${name}"`));
    assert.equal(net.inputShape, null);
  }
});

Deno.test("Sequential: its defaults fit the target", () => {
  const net = new Sequential();
  net.build([8, 8, 1], { shape: [], classes: 10 });
  assert.deepEqual(names(net), ["dense_1/kernel", "dense_1/bias", "dense_2/kernel", "dense_2/bias"]);
  assert.deepEqual([net.layers.length, net.outputShape], [3, [10]], "a flatten stands before it");
  const numbers = new Sequential();
  numbers.build([3], { shape: [2, 2] });
  assert.deepEqual(numbers.outputShape, [4]);
  assert.throws(() => new Sequential().build([3]), /its last dense layer has no units and no target is known; give it/);
});

Deno.test("Sequential: a flatten is put before a first dense only where it says no shape", () => {
  const shape = (layers: LayerDescription[], input: number[]) => {
    const net = new Sequential({ layers });
    net.build(input);
    return net.outputShape;
  };
  assert.deepEqual(shape([{ dense: { units: 2 } }], [5, 3]), [2]);
  assert.deepEqual(shape([{ dense: { units: 2, inputShape: [null, 3] } }], [5, 3]), [5, 2]);
  assert.deepEqual(shape([{ dense: { units: 2, inputDim: 3 } }], [3]), [2]);
});

Deno.test("Sequential: everything that is wrong with its layers, with path and mend", () => {
  const fails = (layers: unknown[], message: RegExp) =>
    assert.throws(() => new Sequential({ layers: layers as LayerDescription[] }), message);
  fails([{ dense: {} }, { dense: { unit: 3 } }], /layers\.1\.dense: unknown key "unit"; did you mean "units"\?/);
  fails(["dens"], /layers\.0: unknown layer "dens"; did you mean "dense"\?/);
  fails([{ dense: { units: "3" } }], /layers\.0\.dense\.units: expected number, found "3"/);
  fails([{ dense: { units: 3, activation: "rel" } }], /unknown activation "rel"; did you mean "relu"\?/);
  fails([{ dense: {}, conv2d: {} }], /layers\.0: expected a layer: its name, or \{ name: options \}/);
  fails([{ conv2d: { kernelSize: 3 } }], /layers\.0\.conv2d\.filters: expected number, found nothing/);
  fails([{ lstm: { units: 3, dropout: 0.2 } }], /layers\.0\.lstm\.dropout: .*can't be seeded; put a dropout layer/);
  fails(
    [{ timeDistributed: { layer: { dense: { unitz: 3 } } } }],
    /timeDistributed\.layer\.dense: unknown key "unitz"/,
  );
  fails([{ unit: 1 }, { dense: { units: 0 } }], /layers\.0: unknown layer "unit".*layers\.1\.dense\.units/s);
  fails([], /layers/);
});

Deno.test("Sequential: what is described by a constant fits its type", () => {
  const description = { layers: [{ dense: { units: 3, activation: "relu" } }, { dropout: { rate: 0.3 } }, "flatten"] };
  new Sequential(description);
  const layers = [{ dense: { units: 32, activation: "relu" } }, { dropout: { rate: 0.3 } }, { batchNormalization: {} }];
  new Sequential({ layers });
  // @ts-expect-error a layer's option of the wrong type
  assert.throws(() => new Sequential({ layers: [{ dense: { units: "3" } }] }));
});

Deno.test("Sequential: errors name the layer", () => {
  const net = new Sequential({ layers: [{ dense: { units: 3 } }, { conv2d: { filters: 1, kernelSize: 3 } }] });
  net.build([4]);
  const run = () => tf().tidy(() => net(tf().zeros([1, 4])));
  assert.throws(run, /TypeError: Cannot run layer conv2d_1 on items of shape \[3\]: /);
});

Deno.test("Sequential: what a layer draws depends on its name, not on the layers beside it", async () => {
  const kernel = async (layers: LayerDescription[], name: string) => {
    const net = new Sequential({ layers });
    seedTree(net, 5);
    net.build([4]);
    return (await net.state())[name].kernel;
  };
  const a = await kernel([{ dense: { units: 4 } }, { dense: { units: 2 } }], "dense_2");
  const b = await kernel([{ dense: { units: 4 } }, { dropout: { rate: 0.1 } }, { dense: { units: 2 } }], "dense_2");
  assert.ok(a.equals(b));
  assert.ok(!a.equals(await kernel([{ dense: { units: 4 } }, { dense: { units: 2, name: "other" } }], "other")));
});

const keras2 = {
  class_name: "Sequential",
  config: {
    name: "sequential",
    layers: [
      {
        class_name: "InputLayer",
        config: { batch_input_shape: [null, 6, 6, 1], dtype: "float32", sparse: false, name: "in" },
      },
      {
        class_name: "Conv2D",
        config: {
          ...{ name: "conv2d", trainable: true, filters: 2, kernel_size: [3, 3], strides: [1, 1], padding: "same" },
          ...{ data_format: "channels_last", dilation_rate: [1, 1], groups: 1, activation: "relu", use_bias: true },
          kernel_initializer: { class_name: "GlorotUniform", config: { seed: null } },
          kernel_regularizer: { class_name: "L2", config: { l2: 0.01 } },
          bias_constraint: null,
        },
      },
      { class_name: "MaxPooling2D", config: { pool_size: [2, 2], strides: [2, 2], padding: "valid", name: "pool" } },
      { class_name: "Flatten", config: { name: "flatten", data_format: "channels_last" } },
      { class_name: "Dense", config: { name: "dense", units: 3, activation: "softmax", use_bias: true } },
    ],
  },
};

Deno.test("Sequential: from the topology that Keras or tfjs writes", async () => {
  const tfjs = tf().layers.sequential({
    layers: [tf().layers.layers.dense({ units: 3, inputShape: [4], activation: "relu" })],
  });
  const topologies: [Record<string, unknown>, number[], number[]][] = [
    [keras2, [6, 6, 1], [3]],
    [{ modelTopology: { model_config: keras2 } }, [6, 6, 1], [3]],
    [JSON.parse(tfjs.toJSON() as unknown as string), [4], [3]],
  ];
  for (const [topology, input, output] of topologies) {
    const net = await Sequential.configure({ topology });
    assert.deepEqual([net.inputShape, net.outputShape], [input, output]);
    assert.deepEqual(tf().tidy(() => net(tf().zeros([2, ...input])).shape), [2, ...output]);
  }
  const net = await Sequential.configure({ topology: keras2 });
  assert.deepEqual(tf().tidy(() => net.penalties().length), 0);
  assert.equal(net.layers[0]!.penalties().length, 1);
});

Deno.test("Sequential: a topology that isn't known", () => {
  const build = (layer: object) => () =>
    new Sequential({ topology: { class_name: "Sequential", config: { layers: [layer] } } }).build([3]);
  assert.throws(build({ class_name: "Dens", config: {} }), /unknown layer "Dens"; did you mean "dense"/);
  assert.throws(build({ class_name: "GRU", config: { units: 3, reset_after: true } }), /gru has resetAfter true/);
  assert.throws(
    () => new Sequential({ topology: { class_name: "Functional" } }).build([3]),
    /found class_name "Functional"/,
  );
});
