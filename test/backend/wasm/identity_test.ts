import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";

Deno.test("a clone on wasm has the same numbers, and lives longer than what it was cloned from", async () => {
  await resolveBackend("wasm");
  const before = tf().backend().numDataIds();
  for (const dtype of ["float32", "int32", "bool"] as const) {
    const tensor = tf().tensor([1, 0, 1], [3], dtype);
    const clone = tf().clone(tensor), other = tf().reshape(clone, [1, 3]);
    assert.equal(clone.dataId, tensor.dataId);
    tensor.dispose();
    clone.dispose();
    assert.deepEqual([...other.dataSync()], [1, 0, 1]);
    other.dispose();
  }
  const words = tf().tensor(["a", "b"]), same = tf().clone(words);
  words.dispose();
  assert.deepEqual(same.dataSync(), ["a", "b"]);
  same.dispose();
  assert.equal(tf().backend().numDataIds(), before);
});
