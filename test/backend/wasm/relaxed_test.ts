import assert from "node:assert/strict";
import type { Tensor } from "@tensorflow/tfjs-core";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";

/** Numbers that don't come out even, from a product of matrices and a convolution's gradients. */
function compute(): Float32Array[] {
  const wave = (shape: number[]) => tf().sin(tf().reshape(tf().range(1, 1 + shape.reduce((a, b) => a * b)), shape));
  const results = tf().tidy(() => {
    const product = tf().matMul(wave([48, 64]), wave([64, 40]), false, false);
    const gradients = tf().grads((x, w) => tf().sum(tf().square(tf().conv2d(x as never, w as never, 1, "same"))))(
      [wave([2, 12, 12, 8]), wave([3, 3, 8, 16])],
    );
    return [product, ...gradients] as Tensor[];
  });
  const numbers = results.map((result) => result.dataSync().slice() as Float32Array);
  tf().dispose(results);
  return numbers;
}

Deno.test("wasm: relaxed products are chosen by hand, come near, and can be given up again", async () => {
  await resolveBackend("wasm");
  const plain = compute();
  const relaxed = await resolveBackend({ wasm: { relaxed: true } });
  assert.equal(relaxed.device, "WebAssembly with relaxed SIMD");
  const near = compute();
  for (const [i, numbers] of near.entries()) {
    const largest = Math.max(...plain[i]!.map(Math.abs));
    for (const [j, x] of numbers.entries()) assert.ok(Math.abs(x - plain[i]![j]!) < 1e-5 * largest, `${i} ${j}: ${x}`);
  }
  assert.equal((await resolveBackend("wasm")).device, "WebAssembly with SIMD");
  assert.deepEqual(compute(), plain, "the same bits as before");
  await resolveBackend({ wasm: { relaxed: true } });
  assert.deepEqual(compute(), near);
});

Deno.test("wasm: an option that there is not is an error", async () => {
  await assert.rejects(
    resolveBackend({ wasm: { relax: true } }),
    /wasm has no option "relax"; did you mean "relaxed"\?/,
  );
  await assert.rejects(resolveBackend({ wasm: { relaxed: 1 } }), /wasm\.relaxed: .*boolean/);
});
