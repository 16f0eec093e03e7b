import type { Tensor, Tensor3D, Tensor4D } from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { difference, numbers, product, windows, withoutLeaks } from "./reference.ts";

await resolveBackend("wasm");

Deno.test("dilation2d: values and gradients, every stride, dilation and padding", () => {
  withoutLeaks(tf(), () => {
    for (const strides of [[1, 1], [2, 1]] as [number, number][]) {
      for (const dilations of [[1, 1], [2, 2]] as [number, number][]) {
        if (strides[0] > 1 && dilations[0] > 1) continue;
        for (const pad of ["same", "valid"] as const) {
          const shape = [2, 5, 6, 3], taps = [3, 2], ways = 3, x = numbers(product(shape)), filter = numbers(18, 3);
          const { shape: places, all } = windows([5, 6], { taps, strides, dilations, pad });
          const y: number[] = [], dx = new Float64Array(x.length), df = new Float64Array(18);
          const dy = numbers(2 * all.length * ways, 7);
          for (let b = 0; b < 2; b++) {
            for (const inside of all) {
              for (let c = 0; c < ways; c++) {
                const sums = inside.map(([tap, at]) => {
                  const [from, by] = [(b * 30 + at) * ways + c, tap * ways + c];
                  return { from, by, sum: x[from]! + filter[by]! };
                });
                const most = sums.reduce((best, each) => each.sum > best.sum ? each : best);
                dx[most.from]! += dy[y.length]!;
                df[most.by]! += dy[y.length]!;
                y.push(most.sum);
              }
            }
          }
          tf().tidy(() => {
            const call = (x: Tensor, f: Tensor) =>
              tf().dilation2d(x as Tensor4D, f as Tensor3D, strides, pad, dilations);
            const given = [tf().tensor(x, shape), tf().tensor(filter, [...taps, ways])],
              told = `${strides} ${dilations} ${pad}`;
            const found = call(given[0]!, given[1]!), gradient = tf().tensor(dy, found.shape);
            assert.deepEqual(found.shape, [2, ...places, ways], told);
            const gradients = tf().grads((x, f) => tf().sum(tf().mul(call(x, f), gradient)))(given);
            assert.ok(difference(found.dataSync(), y) < 1e-6, told);
            assert.ok(difference(gradients[0]!.dataSync(), dx) < 1e-5, told);
            assert.ok(difference(gradients[1]!.dataSync(), df) < 1e-4, told);
          });
        }
      }
    }
  });
});
