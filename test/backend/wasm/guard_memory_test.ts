import assert from "node:assert/strict";
import type { Tensor } from "@tensorflow/tfjs-core";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";

/** Makes tensors of a gigabyte until there is no room, without touching them: so much memory need not be there. */
function fill(): { made: Tensor[]; error: unknown } {
  const backend = tf().backend() as unknown as { makeOutput(shape: number[], dtype: string): { dataId: object } };
  const made: Tensor[] = [];
  try {
    for (;;) {
      const { dataId } = backend.makeOutput([2 ** 28], "float32");
      made.push(tf().engine().makeTensorFromDataId(dataId, [2 ** 28], "float32", backend as never));
    }
  } catch (error) {
    return { made, error };
  }
}

Deno.test("wasm: a full memory is an error that says how much was wanted, and computing goes on after it", async () => {
  await resolveBackend("wasm");
  const { made, error } = fill();
  assert.ok(error instanceof RangeError && made.length === 2, `${made.length} ${error}`);
  assert.match(
    error.message,
    /^Cannot compute on wasm: no room for 1 GiB more, its memory holds 4 GiB at most; use small/,
  );
  assert.throws(() => tf().fill([2 ** 30], 1), /no room for 4 GiB more/);
  tf().dispose(made);
  const product = tf().matMul(tf().ones([3, 4]), tf().ones([4, 2]));
  assert.deepEqual([...product.dataSync()], [4, 4, 4, 4, 4, 4]);
});

Deno.test("wasm: what was freed is used again, as often as it may be", async () => {
  await resolveBackend("wasm");
  for (let i = 0; i < 5; i++) {
    const { made, error } = fill();
    assert.ok(error instanceof RangeError && made.length === 2, `${made.length} ${error}`);
    tf().dispose(made);
  }
  const sum = tf().tidy(() => tf().sum(tf().fill([2 ** 24], 2)));
  assert.equal(sum.dataSync()[0], 2 ** 25);
  sum.dispose();
});
