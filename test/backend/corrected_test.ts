import assert from "node:assert/strict";
import type { Tensor } from "@tensorflow/tfjs-core";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { type TF, tf } from "../../src/backend/tf.ts";

/** Operations that tfjs has wrong on one backend or another, with numbers worked out by hand. */
const cases: Record<string, [compute: (tf: TF) => Tensor, wanted: number[]]> = {
  "a slice with a dropped dimension beside a stride": [
    (tf) => tf.stridedSlice(tf.reshape(tf.range(0, 30), [6, 5]), [2, 1], [3, 4], [1, 2], 0, 2, 0, 0, 1),
    [11, 13],
  ],
  "a slice backwards": [(tf) => tf.stridedSlice(tf.range(0, 6), [5], [0], [-2]), [5, 3, 1]],
  "a slice of whole numbers": [
    (tf) => tf.add(tf.stridedSlice(tf.range(0, 6, 1, "int32"), [1], [6], [2]), tf.scalar(1, "int32")),
    [2, 4, 6],
  ],
  "an operand of einsum with nothing to sum": [
    (tf) => tf.einsum("i,jk->ij", tf.tensor1d([2, 3]), tf.tensor2d([[1, 2], [3, 4], [5, 6]])),
    [6, 14, 22, 9, 21, 33],
  ],
  "batch normalisation of the middle": [
    (tf) =>
      tf.batchNorm(
        tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]),
        tf.tensor4d([1, 2], [1, 2, 1, 1]),
        tf.tensor4d([1, 4], [1, 2, 1, 1]),
        tf.tensor4d([0, 1], [1, 2, 1, 1]),
        tf.tensor4d([2, 4], [1, 2, 1, 1]),
        0,
      ),
    [0, 2, 4, 6, 7, 9, 11, 13],
  ],
  "prelu with a slope for each row": [
    (tf) => tf.prelu(tf.tensor2d([[-1, 2, -3], [-4, 5, -6]]), tf.tensor2d([[0.5], [0.25]])),
    [-0.5, 2, -1.5, -1, 5, -1.5],
  ],
  "means of pools at the edge": [
    (tf) => tf.grad((x) => tf.avgPool(x as never, 2, 2, "same"))(tf.zeros([1, 3, 3, 1])),
    [0.25, 0.25, 0.5, 0.25, 0.25, 0.5, 0.5, 0.5, 1],
  ],
};

for (const backend of ["cpu", "wasm"]) {
  for (const [name, [compute, wanted]] of Object.entries(cases)) {
    Deno.test(`${backend}: ${name}`, async () => {
      await resolveBackend(backend);
      const before = tf().engine().backend.numDataIds();
      assert.deepEqual(tf().tidy(() => [...compute(tf()).dataSync()]), wanted);
      assert.equal(tf().engine().backend.numDataIds(), before);
    });
  }

  Deno.test(`${backend}: what a tensor is updated by leaves the tensor as it was`, async () => {
    await resolveBackend(backend);
    tf().tidy(() => {
      const tensor = tf().tensor1d([1, 2, 3]), places = tf().tensor2d([[1]], [1, 1], "int32");
      const updated = tf().tensorScatterUpdate(tensor, places, tf().tensor1d([9]));
      assert.deepEqual([[...updated.dataSync()], [...tensor.dataSync()]], [[1, 9, 3], [1, 2, 3]]);
    });
  });
}
