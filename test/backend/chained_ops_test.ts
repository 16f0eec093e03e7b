import assert from "node:assert/strict";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { tf } from "../../src/backend/tf.ts";

Deno.test("chainOps: tensors have their methods", async () => {
  await resolveBackend("wasm");
  tf().tidy(() => {
    // deno-lint-ignore no-explicit-any
    const x = tf().tensor2d([[1, -2], [3, 4]]) as any;
    assert.deepEqual([...x.mul(2).abs().sum(0).dataSync()], [8, 12]);
    assert.deepEqual(x.concat(x, 1).shape, [2, 4]);
    assert.deepEqual(x.concat([x, x], 0).shape, [6, 2]);
    assert.deepEqual(x.stack(x).shape, [2, 2, 2]);
    assert.deepEqual([x.flatten().shape, x.as1D().shape, x.as2D(1, 4).shape, x.as3D(1, 2, 2).shape], [
      [4],
      [4],
      [1, 4],
      [1, 2, 2],
    ]);
    assert.deepEqual([...x.where(tf().tensor2d([[1, 0], [0, 1]], [2, 2], "bool"), tf().zeros([2, 2])).dataSync()], [
      1,
      0,
      0,
      4,
    ]);
    assert.deepEqual([x.toInt().dtype, x.toBool().dtype, x.reshapeAs(tf().zeros([4])).shape], ["int32", "bool", [4]]);
    assert.equal(x.max().asScalar().dataSync()[0], 4);
    for (const key of Object.keys(tf().Tensor.prototype)) assert.ok(!["mul", "add"].includes(key), "not enumerable");
  });
});

Deno.test("chainOps: every name is an operation", async () => {
  await resolveBackend();
  const source = await Deno.readTextFile(new URL("../../src/backend/chained_ops.ts", import.meta.url));
  const names = /\(`([^`]+)`\)/.exec(source)![1]!.split(/\s+/);
  const operations = tf() as unknown as Record<string, unknown>;
  assert.deepEqual(names.filter((name) => typeof operations[name] !== "function"), []);
});
