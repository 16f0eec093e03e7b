import assert from "node:assert/strict";
import { resolveBackend } from "../../src/backend/resolve.ts";
import { tf } from "../../src/backend/tf.ts";
import { quickMatMul } from "../../src/backend/wasm_matmul.ts";

const numbers = (size: number, seed: number) => Float32Array.from({ length: size }, (_, i) => Math.sin(seed + i * 1.7));

/** A product by its definition. */
function product(a: Float32Array, b: Float32Array, [m, k, n]: number[], turnA: boolean, turnB: boolean): Float32Array {
  const c = new Float32Array(m! * n!);
  for (let i = 0; i < m!; i++) {
    for (let j = 0; j < n!; j++) {
      let sum = 0;
      for (let l = 0; l < k!; l++) sum += a[turnA ? l * m! + i : i * k! + l]! * b[turnB ? j * k! + l : l * n! + j]!;
      c[i * n! + j] = sum;
    }
  }
  return c;
}

await resolveBackend("wasm");

for (const [turnA, turnB] of [[false, false], [true, false], [false, true], [true, true]] as const) {
  for (const sizes of [[3, 4, 5], [33, 65, 17], [1, 300, 100]] as const) {
    Deno.test(`quickMatMul: ${sizes} with transposes ${[turnA, turnB]}`, () => {
      const [m, k, n] = sizes;
      const [a, b] = [numbers(m * k, 1), numbers(k * n, 2)];
      const before = tf().memory().numTensors;
      for (const outer of [[], [1]]) {
        const found = tf().tidy(() =>
          tf().matMul(
            tf().tensor(a, [...outer, ...(turnA ? [k, m] : [m, k])]),
            tf().tensor(b, [...outer, ...(turnB ? [n, k] : [k, n])]),
            turnA,
            turnB,
          )
        );
        assert.deepEqual(found.shape, [...outer, m, n]);
        const wanted = product(a, b, [m, k, n], turnA, turnB);
        found.dataSync().forEach((x, i) => assert.ok(Math.abs(x - wanted[i]!) < 1e-4, `${x} at ${i}`));
        found.dispose();
      }
      assert.equal(tf().memory().numTensors, before);
    });
  }
}

Deno.test("quickMatMul: batches of matrices go the stock way, and to install it twice changes nothing", () => {
  const installed = tf().getKernel("BatchMatMul", "wasm").kernelFunc;
  quickMatMul(tf());
  assert.equal(tf().getKernel("BatchMatMul", "wasm").kernelFunc, installed);
  const found = tf().tidy(() => tf().matMul(tf().ones([2, 40, 30]), tf().ones([2, 40, 30]), true, false));
  assert.deepEqual([found.shape, new Set(found.dataSync())], [[2, 30, 30], new Set([40])]);
  found.dispose();
});
