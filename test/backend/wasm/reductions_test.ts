import type { Tensor } from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { difference, numbers, product, withoutLeaks } from "./reference.ts";

await resolveBackend("wasm");

type Name = "sum" | "mean" | "prod" | "max" | "min";
const steps: Readonly<Record<Name, (all: number, x: number) => number>> = {
  sum: (all, x) => all + x,
  mean: (all, x) => all + x,
  prod: (all, x) => all * x,
  max: Math.max,
  min: Math.min,
};
const starts: Readonly<Record<Name, number>> = { sum: 0, mean: 0, prod: 1, max: -Infinity, min: Infinity };

/** A reduction by its definition. */
function expected(name: Name, x: ArrayLike<number>, shape: readonly number[], axes: readonly number[]): number[] {
  const kept = shape.map((length, axis) => axes.includes(axis) ? 1 : length);
  const all = Array<number>(product(kept)).fill(starts[name]);
  for (let i = 0; i < x.length; i++) {
    let rest = i, to = 0, step = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const at = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
      if (!axes.includes(axis)) to += at * step;
      step *= kept[axis]!;
    }
    all[to] = steps[name](all[to]!, x[i]!);
  }
  return name === "mean" ? all.map((sum) => sum / (x.length / all.length)) : all;
}

const subsets = (rank: number): number[][] =>
  Array.from({ length: 2 ** rank }, (_, bits) => [...Array(rank).keys()].filter((axis) => bits & 1 << axis));

for (const name of ["sum", "mean", "prod", "max", "min"] as const) {
  Deno.test(`reductions: ${name} over any axes`, () => {
    withoutLeaks(tf(), () => {
      for (const shape of [[7], [1], [33, 5], [1, 17], [3, 4, 5], [2, 3, 1, 21], [2, 1, 3, 2, 4], [200, 3], [300, 1]]) {
        const x = numbers(product(shape)).map((v) => name === "prod" && product(shape) > 100 ? 1 + v / 100 : v);
        for (const axes of subsets(shape.length)) {
          // No axis at all means every one to tfjs's layers, none to a kernel.
          if (axes.length === 0) continue;
          for (const keepDims of [false, true]) {
            const y = tf().tidy(() => tf()[name](tf().tensor(x, shape), axes, keepDims));
            const told = `[${shape}] over ${axes}`, wanted = expected(name, x, shape, axes);
            const left = shape.flatMap((length, axis) => axes.includes(axis) ? keepDims ? [1] : [] : [length]);
            assert.deepEqual(y.shape, left, told);
            assert.ok(difference(y.dataSync(), wanted) < 1e-4 * Math.max(1, ...wanted.map(Math.abs)), told);
            y.dispose();
          }
        }
      }
    });
  });
}

Deno.test("reductions: whole numbers stay whole, nothing sums to 0, NaN stays", () => {
  withoutLeaks(tf(), () => {
    const read = (y: Tensor) => {
      const numbers = [...y.dataSync()];
      y.dispose();
      return numbers;
    };
    tf().tidy(() => {
      const whole = tf().tensor2d([1, 2, 3, 2 ** 24 + 1, 5, 6], [2, 3], "int32");
      assert.equal(tf().sum(whole, 0).dtype, "int32");
      assert.deepEqual(read(tf().sum(whole, 0)), [2 ** 24 + 2, 7, 9]);
      assert.deepEqual(read(tf().max(whole, 1)), [3, 2 ** 24 + 1]);
      assert.deepEqual(read(tf().sum(tf().tensor2d([true, false, true, true], [2, 2], "bool"), 0)), [2, 1]);
      assert.deepEqual(read(tf().sum(tf().zeros([0, 3]), 0)), [0, 0, 0]);
      assert.deepEqual(read(tf().sum(tf().zeros([3, 0]), 0)), []);
      for (const name of ["sum", "mean", "max", "min", "prod"] as const) {
        assert.ok(Number.isNaN(read(tf()[name](tf().tensor2d([1, NaN, 3, 4, 5, 6], [3, 2]), 0))[1]), name);
        assert.ok(Number.isNaN(read(tf()[name](tf().tensor1d([1, 2, 3, 4, NaN, 6, 7])))[0]), name);
      }
    });
  });
});

Deno.test("reductions: the rounding of long sums stays small", () => {
  const count = 1 << 18, value = Math.fround(0.1), wanted = count * value;
  tf().tidy(() => {
    const x = tf().fill([count, 5], value);
    for (const y of [tf().sum(x, 0), tf().sum(tf().reshape(x, [5, count]), 1)]) {
      for (const found of y.dataSync()) assert.ok(Math.abs(found / wanted - 1) < 1e-6 * 20, `${found / wanted - 1}`);
    }
  });
});
