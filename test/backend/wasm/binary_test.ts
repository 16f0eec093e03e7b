import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { difference, everyPlace, numbers, product, withoutLeaks } from "./reference.ts";

await resolveBackend("wasm");

const operations = {
  add: (a: number, b: number) => a + b,
  sub: (a: number, b: number) => a - b,
  mul: (a: number, b: number) => a * b,
  div: (a: number, b: number) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  squaredDifference: (a: number, b: number) => (a - b) ** 2,
  equal: (a: number, b: number) => a === b,
  notEqual: (a: number, b: number) => a !== b,
  less: (a: number, b: number) => a < b,
  lessEqual: (a: number, b: number) => a <= b,
  greater: (a: number, b: number) => a > b,
  greaterEqual: (a: number, b: number) => a >= b,
} as const;

/** Pairs of shapes, and what they are broadcast to. */
const shapes = [
  [[7], [7], [7]],
  [[7], [], [7]],
  [[], [3], [3]],
  [[], [], []],
  [[5, 6], [6], [5, 6]],
  [[5, 6], [5, 1], [5, 6]],
  [[5, 1], [1, 6], [5, 6]],
  [[2, 3, 4, 9], [9], [2, 3, 4, 9]],
  [[2, 3, 4, 9], [2, 1, 4, 1], [2, 3, 4, 9]],
  [[1, 3, 1, 2], [4, 1, 5, 2], [4, 3, 5, 2]],
  [[2, 1, 3], [5, 3], [2, 5, 3]],
  [[0, 3], [3], [0, 3]],
  [[3, 70], [3, 1], [3, 70]],
];

for (const name of Object.keys(operations) as (keyof typeof operations)[]) {
  Deno.test(`binary: ${name}, broadcast`, () => {
    withoutLeaks(tf(), () => {
      for (const [a, b, out] of shapes as [number[], number[], number[]][]) {
        // Some of them equal, some of them not numbers.
        const values = [a, b].map((shape, i) =>
          numbers(product(shape), i + 1).map((v, at) => at % 11 === 5 ? NaN : Math.round(v))
        );
        const at = (i: number, place: number[]) => {
          const shape = [a, b][i]!, own = place.slice(place.length - shape.length);
          return values[i]![own.reduce((sum, p, axis) => sum * shape[axis]! + (shape[axis] === 1 ? 0 : p), 0)]!;
        };
        const wanted = [...everyPlace(out)].map((place) => Number(operations[name](at(0, place), at(1, place))));
        for (const dtype of ["float32", "int32"] as const) {
          if (dtype === "int32" && name === "div") continue;
          tf().tidy(() => {
            const y = tf()[name](tf().tensor(values[0]!, a, dtype), tf().tensor(values[1]!, b, dtype));
            assert.deepEqual(y.shape, out);
            assert.equal(y.dtype, typeof operations[name](1, 2) === "boolean" ? "bool" : dtype);
            if (dtype === "float32") {
              assert.equal(difference(y.dataSync(), wanted.map(Math.fround)), 0, `[${a}] [${b}]`);
            }
          });
        }
      }
    });
  });
}

Deno.test("binary: shapes that don't fit are told", () => {
  tf().tidy(() => assert.throws(() => tf().maximum(tf().zeros([2, 3]), tf().zeros([2])), /broadcast/));
});

Deno.test("select: by a truth for each number, and by one for each row", () => {
  withoutLeaks(tf(), () =>
    tf().tidy(() => {
      for (const size of [1, 3, 4, 11]) {
        const [a, b] = [numbers(size, 1), numbers(size, 2)], which = [...a].map((v) => v > 0);
        const y = tf().where(tf().tensor1d(which, "bool"), tf().tensor1d(a), tf().tensor1d(b));
        assert.deepEqual([...y.dataSync()], which.map((truth, i) => truth ? a[i] : b[i]));
      }
      const rows = tf().where(tf().tensor2d([[true], [false]]), tf().ones([2, 3]), tf().zeros([2, 3]));
      assert.deepEqual(rows.arraySync(), [[1, 1, 1], [0, 0, 0]]);
    }));
});

Deno.test("cast: whatever isn't 0 is true", () => {
  withoutLeaks(tf(), () =>
    tf().tidy(() => {
      const x = tf().tensor1d([-1, 0, 0.5, NaN, 300, -0]);
      assert.deepEqual([...tf().cast(x, "bool").dataSync()], [1, 0, 1, 1, 1, 0]);
      assert.deepEqual([...tf().cast(tf().tensor1d([-256, 0, 3], "int32"), "bool").dataSync()], [1, 0, 1]);
      assert.deepEqual([...tf().cast(tf().cast(x, "bool"), "float32").dataSync()], [1, 0, 1, 1, 1, 0]);
    }));
});
