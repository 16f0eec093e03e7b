import type { Tensor, Tensor4D, Tensor5D } from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { difference, numbers, product, type Sliding, windows, withoutLeaks } from "./reference.ts";

await resolveBackend("wasm");

interface Case extends Sliding {
  readonly shape: readonly number[];
}

/** Pooling and its gradient by their definition; the gradient that comes in is `dy`. */
function expected({ shape, ...sliding }: Case, x: Float32Array, mean: boolean) {
  const batch = shape[0]!, ways = shape.at(-1)!, lengths = shape.slice(1, -1), size = product(lengths);
  const { shape: places, all } = windows(lengths, sliding);
  const y: number[] = [], dx = new Float64Array(x.length), dy = numbers(batch * all.length * ways, 7);
  for (let b = 0; b < batch; b++) {
    for (const taps of all) {
      for (let c = 0; c < ways; c++) {
        const at = taps.map(([, position]) => (b * size + position) * ways + c);
        const gradient = dy[y.length]!;
        if (mean) {
          for (const i of at) dx[i]! += gradient / at.length;
          y.push(at.reduce((sum, i) => sum + x[i]!, 0) / at.length);
        } else {
          const first = at.reduce((best, i) => x[i]! > x[best]! ? i : best);
          dx[first]! += gradient;
          y.push(x[first]!);
        }
      }
    }
  }
  return { places, y, dx, dy };
}

function pool(x: Tensor, { taps, strides, pad }: Case, mean: boolean): Tensor {
  const spread = Array.isArray(pad) ? [[0, 0], ...pad, [0, 0]] : pad;
  const call = (mean ? ["avgPool", "avgPool3d"] as const : ["maxPool", "maxPool3d"] as const)[taps.length - 2]!;
  return (tf()[call] as (...operands: unknown[]) => Tensor)(x as Tensor4D & Tensor5D, taps, strides, spread);
}

const flat: Case[] = [];
for (const shape of [[2, 7, 6, 5], [1, 5, 8, 1], [3, 4, 4, 16], [1, 9, 1, 9]]) {
  for (const taps of [[2, 2], [3, 3], [1, 2], [3, 1]]) {
    for (const strides of [[1, 1], [2, 2], [3, 1], [1, 2]]) {
      for (const pad of ["same", "valid", 1, [[0, 1], [1, 2]]] as const) {
        if (shape[2]! < 3 && taps[1]! > 1 && pad === "valid") continue;
        if (typeof pad !== "string" && taps.some((size) => size < 3)) continue;
        flat.push({ shape, taps, strides, pad });
      }
    }
  }
}
const deep: Case[] = [];
for (const shape of [[2, 4, 5, 3, 3], [1, 3, 3, 3, 8]]) {
  for (const taps of [[2, 2, 2], [1, 3, 2], [3, 1, 1]]) {
    for (const strides of [[1, 1, 1], [2, 2, 2], [1, 2, 3], [3, 3, 1]]) {
      for (const pad of ["same", "valid"] as const) deep.push({ shape, taps, strides, pad });
    }
  }
}

for (const [name, cases] of [["two", flat], ["three", deep]] as const) {
  for (const mean of [false, true]) {
    Deno.test(`pooling: ${mean ? "means" : "maxima"} over ${name} axes and their gradients`, () => {
      const before = tf().memory().numTensors;
      for (const each of cases) {
        // Every number below nought in the second pass; equal ones in the third.
        for (const change of [(v: number) => v, (v: number) => -1 - Math.abs(v), (v: number) => Math.round(v)]) {
          const x = numbers(product(each.shape)).map(change), wanted = expected(each, x, mean);
          tf().tidy(() => {
            const input = tf().tensor(x, [...each.shape]);
            const { value, grad } = tf().valueAndGrad((x) => tf().sum(tf().mul(pool(x, each, mean), dyOf(x, wanted))))(
              input,
            );
            const y = pool(input, each, mean), told = JSON.stringify(each);
            assert.deepEqual(y.shape.slice(1, -1), wanted.places, told);
            assert.ok(difference(y.dataSync(), wanted.y) < 1e-6, told);
            assert.ok(difference(grad.dataSync(), wanted.dx) < 1e-5, told);
            assert.ok(Number.isFinite(value.dataSync()[0]));
          });
        }
      }
      assert.equal(tf().memory().numTensors, before);
    });
  }
}

Deno.test("pooling: places are rounded as asked, NaN stays, no items are no harm", () => {
  withoutLeaks(tf(), () =>
    tf().tidy(() => {
      const x = tf().tensor4d([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
      const call = (x: Tensor) => tf().maxPool(x as Tensor4D, 2, 2, 0, "ceil");
      assert.deepEqual(tf().maxPool(x, 2, 2, 0, "floor").shape, [1, 1, 1, 1]);
      assert.deepEqual([...call(x).dataSync()], [5, 6, 8, 9]);
      const dx = tf().grad((x) => tf().sum(tf().mul(call(x), tf().tensor4d([1, 2, 3, 4], [1, 2, 2, 1]))))(x);
      assert.deepEqual([...dx.dataSync()], [0, 0, 0, 0, 1, 2, 0, 3, 4]);
      const averages = tf().avgPool(x, 2, 2, 0, "ceil");
      assert.deepEqual([...averages.dataSync()], [3, 4.5, 7.5, 9]);
      for (const ways of [1, 4, 16]) {
        const row = tf().reshape(tf().tile(tf().tensor2d([[NaN], [1], [2], [3]]), [1, ways]), [1, 2, 2, ways]);
        assert.ok([...tf().maxPool(row as Tensor4D, 2, 2, "valid").dataSync()].every(Number.isNaN));
      }
      assert.deepEqual(tf().maxPool(tf().zeros([0, 4, 4, 3]) as Tensor4D, 2, 2, "same").shape, [0, 2, 2, 3]);
      const whole = tf().maxPool(tf().cast(x, "int32"), 2, 1, "valid");
      assert.deepEqual([whole.dtype, [...whole.dataSync()]], ["int32", [5, 6, 8, 9]]);
      const { result, indexes } = tf().maxPoolWithArgmax(x, 2, 1, "same") as unknown as Record<string, Tensor>;
      assert.deepEqual([...result!.dataSync()], [5, 6, 6, 8, 9, 9, 8, 9, 9]);
      assert.deepEqual([...indexes!.dataSync()], [4, 5, 5, 7, 8, 8, 7, 8, 8]);
    }));
});

function dyOf({ shape }: Tensor, { places, dy }: { places: number[]; dy: Float32Array }): Tensor {
  return tf().tensor(dy, [shape[0]!, ...places, shape.at(-1)!]);
}
