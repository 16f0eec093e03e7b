import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { numbers, withoutLeaks } from "./reference.ts";

await resolveBackend("wasm");

Deno.test("tanh: within a few units in the last place, of every size of tensor", () => {
  withoutLeaks(tf(), () => {
    for (const size of [0, 1, 3, 4, 5, 1000]) {
      for (const scale of [1e-30, 1e-4, 0.3, 1, 10, 1e4]) {
        const x = numbers(size).map((v) => v * scale), y = tf().tidy(() => tf().tanh(tf().tensor1d(x)));
        y.dataSync().forEach((found, i) => {
          const wanted = Math.tanh(x[i]!);
          assert.ok(Math.abs(found - wanted) <= 3e-7 * Math.abs(wanted), `tanh ${x[i]} is ${found}`);
        });
        y.dispose();
      }
    }
    tf().tidy(() => {
      assert.deepEqual([...tf().tanh(tf().tensor1d([NaN, Infinity, -Infinity, 0])).dataSync()], [NaN, 1, -1, 0]);
    });
  });
});
