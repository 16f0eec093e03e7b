import assert from "node:assert/strict";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import { convolution } from "../../../src/backend/ops/convolution.ts";
import { crossentropy } from "../../../src/backend/ops/crossentropy.ts";
import { tf } from "../../../src/backend/tf.ts";
import { nativeTest, useNative } from "./setup.ts";

/** The operations of TensorFlow's that some work runs. */
function operationsOf(work: () => void): string[] {
  const backend = tf().backend() as unknown as { binding: Record<string, unknown> }, { binding } = backend;
  const names: string[] = [], own = Object.getOwnPropertyNames(binding);
  const spied = Object.fromEntries(own.map((name) => [name, binding[name]]));
  spied.executeOp = (name: string, ...rest: unknown[]) => {
    names.push(name);
    return (binding.executeOp as (...all: unknown[]) => unknown)(name, ...rest);
  };
  backend.binding = spied;
  try {
    tf().tidy(work);
  } finally {
    backend.binding = binding;
  }
  return names;
}

nativeTest("where oneDNN is, convolutions and pooling take its operations", async () => {
  await useNative();
  const options = { strides: [1, 1], dilations: [1, 1], pad: "same", activation: "relu" } as const;
  const names = operationsOf(() => {
    const x = tf().ones([1, 4, 4, 1]) as Tensor4D, filter = tf().ones([3, 3, 1, 2]) as Tensor4D;
    tf().grad((x) => {
      const y = convolution(x as Tensor4D, filter, tf().zeros([2]), { ...options, strides: [1, 1], dilations: [1, 1] });
      return tf().sum(tf().maxPool(y, 2, 2, "valid"));
    })(x);
  });
  const expected = Deno.build.arch === "x86_64" && Deno.build.os === "linux"
    ? ["_MklNativeConv2DWithBias", "_MklNativeMaxPool", "_MklNativeMaxPoolGrad", "ReluGrad"]
    : ["Conv2D", "MaxPool", "MaxPoolGrad", "ReluGrad"];
  assert.deepEqual(expected.filter((name) => !names.includes(name)), []);
  assert.equal(names.filter((name) => name.endsWith("MaxPool")).length, 1, "it is pooled once");
});

nativeTest(
  "the gradient of a pooling that nobody prepared is right",
  async () => {
    await useNative();
    const before = tf().memory().numTensors;
    const found = tf().tidy(() => {
      const input = tf().tensor4d([1, 5, 2, 4, 3, 9, 8, 7, 6], [1, 3, 3, 1]),
        output = tf().maxPool(input, 2, 1, "valid");
      const attrs = { filterSize: 2, strides: 1, pad: "valid" };
      const dy = tf().tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
      return [...(tf().engine().runKernel("MaxPoolGrad", { dy, input, output }, attrs) as Tensor).dataSync()];
    });
    assert.deepEqual(found, [0, 1, 0, 0, 0, 2 + 4, 3, 0, 0]);
    assert.equal(tf().memory().numTensors, before);
  },
);

nativeTest(
  "a product of more than two dimensions, of whole numbers, and with an activation on its own are tfjs's",
  async () => {
    await useNative();
    tf().tidy(() => {
      const ints = tf().tensor2d([[1, 2], [3, 4]], [2, 2], "int32");
      assert.deepEqual([...tf().matMul(ints, ints).dataSync()], [7, 10, 15, 22]);
      const three = tf().ones([2, 2, 3]), other = tf().ones([2, 3, 2]);
      assert.deepEqual(tf().matMul(three, other).shape, [2, 2, 2]);
      const a = tf().tensor2d([[1, -2]]), b = tf().tensor2d([[1], [1]]), alpha = tf().tensor1d([0.5]);
      const fused = tf().fused.matMul({ a, b, activation: "prelu", preluActivationWeights: alpha });
      assert.deepEqual([...fused.dataSync()], [-0.5]);
    });
  },
);

nativeTest("the loss of classes, over more than one dimension of items", async () => {
  await useNative();
  tf().tidy(() => {
    const wanted = tf().oneHot(tf().tensor2d([[0, 1], [2, 1]], [2, 2], "int32"), 3).toFloat();
    const logits = tf().tensor3d([[[1, 2, 3], [0, 0, 0]], [[-1, 5, 2], [100, 0, 0]]]);
    // -log softmax at the wanted places, by hand.
    const losses = [
      Math.log(Math.exp(-2) + Math.exp(-1) + 1) + 2,
      Math.log(3),
      Math.log(Math.exp(-6) + 1 + Math.exp(-3)) + 3,
      100,
    ];
    const { value, grad } = tf().valueAndGrad((x) => crossentropy(x, wanted))(logits);
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / 4;
    assert.ok(Math.abs(value.dataSync()[0]! - mean) < 1e-4);
    assert.deepEqual(grad.shape, [2, 2, 3]);
    assert.ok(Math.abs(grad.dataSync()[4]! - (1 / 3 - 1) / 4) < 1e-6);
  });
});
