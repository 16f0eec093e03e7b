import type { KernelBackend, Tensor, Tensor4D, Tensor5D } from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { batchNormTrain } from "../../../src/backend/ops/batch_norm_train.ts";
import { depthwiseConv2d } from "../../../src/backend/ops/depthwise_conv2d.ts";
import { layerNorm } from "../../../src/backend/ops/layer_norm.ts";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { Heap } from "../../../src/backend/wasm/heap.ts";
import { numbers } from "./reference.ts";

await resolveBackend("wasm");

/** A loss that goes through each of our kernels once. */
function loss(x: Tensor, filter: Tensor, deep: Tensor): Tensor {
  const { add, sum, mul, reshape } = tf();
  const spread = depthwiseConv2d(x as Tensor4D, filter as Tensor4D, {
    strides: [1, 1],
    dilations: [2, 2],
    pad: "same",
  });
  const normed = batchNormTrain(spread, undefined, undefined, 1e-3).y;
  const pooled = [tf().maxPool(normed as Tensor4D, 2, 2, "same"), tf().avgPool(normed as Tensor4D, 3, 2, "same")];
  const rows = layerNorm(reshape(tf().concat(pooled, 3), [-1, 20]), undefined, undefined, 1e-3);
  const picked = tf().gather(rows, tf().tensor1d([1, 0, 1], "int32")), table = tf().einsum("ij,kj->ik", picked, rows);
  const volume = tf().conv3d(reshape(x, [2, 1, 8, 6, 5]) as Tensor5D, deep as Tensor5D, 1, "same");
  const parts = [
    tf().maximum(table, 0.1),
    tf().max(tf().transpose(volume, [4, 0, 1, 2, 3]), [1, 3]),
    tf().tile(picked, [2, 2]),
  ];
  return parts.map((part) => sum(mul(part, part))).reduce((total, part) => add(total, part));
}

Deno.test("the heap stays flat over many steps, and the same step gives the same bits", () => {
  const given = [[2, 8, 6, 5], [3, 3, 5, 2], [1, 2, 2, 5, 3]].map((shape, i) =>
    tf().tensor(numbers(shape.reduce((all, length) => all * length), i + 1), shape)
  );
  const step = () =>
    tf().tidy(() => {
      const { value, grads } = tf().valueAndGrads((x, filter, deep) => loss(x!, filter!, deep!))(given);
      return [value, ...grads].flatMap((tensor) => [...tensor.dataSync()]);
    });
  const first = step(), backend = tf().backend() as KernelBackend & { numDataIds(): number }, heap = new Heap(backend);
  assert.ok(first.every(Number.isFinite));
  const counts = () => [tf().memory().numTensors, backend.numDataIds(), heap.memory.buffer.byteLength];
  const before = counts();
  for (let i = 0; i < 1000; i++) {
    const found = step();
    if (i % 100 === 0) assert.deepEqual(found, first);
  }
  assert.deepEqual(counts(), before);
  for (const tensor of given) tensor.dispose();
});
