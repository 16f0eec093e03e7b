import type { Tensor } from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { difference, everyPlace, numbers, product, withoutLeaks } from "./reference.ts";

await resolveBackend("wasm");

/** A tensor's number at a place. */
const at = (x: ArrayLike<number>, shape: readonly number[], place: readonly number[]): number =>
  x[place.reduce((sum, i, axis) => sum * shape[axis]! + i, 0)]!;

const cases: [x: number[], indices: number[], axis: number, batchDims: number][] = [
  [[7, 5], [4], 0, 0],
  [[7, 5], [2, 3], 0, 0],
  [[7, 5], [4], 1, 0],
  [[3, 7, 5], [2, 3], 1, 0],
  [[3, 7, 5], [3, 4], 1, 1],
  [[3, 2, 7, 5], [3, 4], 2, 1],
  [[3, 2, 7], [3, 2, 4], 2, 2],
  [[3, 2, 7, 5], [3, 2, 2, 2], 2, 2],
  [[4, 9], [], 0, 0],
  [[4, 9], [0], 0, 0],
];

Deno.test("gather: rows along any axis, in batches, and its gradient", () => {
  withoutLeaks(tf(), () => {
    for (const [shape, picks, axis, batchDims] of cases) {
      const x = numbers(product(shape)), indices = numbers(product(picks), 3).map((v) => Math.floor(Math.abs(v) * 1e4));
      const which = Int32Array.from(indices, (v) => v % shape[axis]!),
        told = `[${shape}] [${picks}] ${axis} ${batchDims}`;
      const out = [...shape.slice(0, axis), ...picks.slice(batchDims), ...shape.slice(axis + 1)];
      const wanted: number[] = [], dx = new Float64Array(x.length), dy = numbers(product(out), 5);
      for (const place of everyPlace(out)) {
        const picked = [...place.slice(0, batchDims), ...place.slice(axis, axis + picks.length - batchDims)];
        const from = [
          ...place.slice(0, axis),
          at(which, picks, picked),
          ...place.slice(axis + picks.length - batchDims),
        ];
        const flat = from.reduce((sum, i, d) => sum * shape[d]! + i, 0);
        dx[flat]! += dy[wanted.length]!;
        wanted.push(x[flat]!);
      }
      tf().tidy(() => {
        const index = tf().tensor(which, picks, "int32"), call = (x: Tensor) => tf().gather(x, index, axis, batchDims);
        const y = call(tf().tensor(x, shape));
        assert.deepEqual(y.shape, out, told);
        assert.equal(difference(y.dataSync(), wanted), 0, told);
        const gradient = tf().grad((x: Tensor) => tf().sum(tf().mul(call(x), tf().tensor(dy, out))));
        assert.ok(difference(gradient(tf().tensor(x, shape)).dataSync(), dx) < 1e-5, told);
        for (const dtype of ["int32", "bool"] as const) {
          const other = call(tf().cast(tf().tensor(x, shape), dtype));
          assert.equal(other.dtype, dtype);
          assert.deepEqual(
            [...other.dataSync()],
            wanted.map((v) => dtype === "bool" ? v ? 1 : 0 : v | 0),
            told,
          );
        }
      });
    }
  });
});

Deno.test("gather: an index that is outside is told", () => {
  tf().tidy(() => {
    const call = () => tf().gather(tf().zeros([3, 2]), tf().tensor1d([0, 3], "int32"));
    assert.throws(call, { name: "RangeError", message: /the index 3 is not from 0 to 2/ });
  });
});

Deno.test("unsortedSegmentSum: rows below 0 go nowhere, segments without rows are 0", () => {
  withoutLeaks(tf(), () => {
    tf().tidy(() => {
      const x = tf().tensor2d([1, 2, 3, 4, 5, 6, 7, 8], [4, 2]), ids = tf().tensor1d([2, 0, -1, 2], "int32");
      const y = tf().unsortedSegmentSum(x, ids, 4);
      assert.deepEqual(y.arraySync(), [[3, 4], [0, 0], [8, 10], [0, 0]]);
      const whole = tf().unsortedSegmentSum(tf().cast(x, "int32"), ids, 3);
      assert.deepEqual([whole.dtype, whole.arraySync()], ["int32", [[3, 4], [0, 0], [8, 10]]]);
      const dx = tf().grad((x: Tensor) => tf().sum(tf().square(tf().unsortedSegmentSum(x, ids, 4))))(x);
      assert.deepEqual(dx.arraySync(), [[16, 20], [6, 8], [0, 0], [16, 20]]);
    });
  });
});
