import assert from "node:assert/strict";
import { meanOfRepeats } from "../../src/notebook/repeats.ts";
import { smooth } from "../../src/notebook/smooth.ts";

Deno.test("a running mean begins at the first value and stays at a constant", () => {
  assert.deepEqual(
    [...smooth(Float64Array.of(4, 4, 4), 0.9)].map((value) => value.toFixed(9)),
    Array(3).fill("4.000000000"),
  );
  const [first, second] = smooth(Float64Array.of(1, 0), 0.5);
  assert.equal(first, 1);
  assert(Math.abs(second! - 1 / 3) < 1e-12);
});

Deno.test("a running mean skips what is missing; without weight it changes nothing", () => {
  assert.deepEqual([...smooth(Float64Array.of(2, NaN, 2), 0.5)], [2, NaN, 2]);
  assert.deepEqual([...smooth(Float64Array.of(3, 1, Infinity), 0)], [3, 1, NaN]);
});

const line = (x: number[], y: number[]) => ({ x: Float64Array.from(x), y: Float64Array.from(y) });

Deno.test("repeats over the same places: the mean and its band, each as far as its run went", () => {
  const runs = [line([1, 2, 3], [1, 2, 3]), line([1, 2], [3, 4])];
  const { x, mean, low, high } = meanOfRepeats(runs, 10, "minmax");
  assert.deepEqual([[...x], [...mean], [...low], [...high]], [[1, 2, 3], [2, 3, 3], [1, 2, 3], [3, 4, 3]]);
  const { low: below, high: above } = meanOfRepeats(runs, 10, "std");
  assert.deepEqual([below[0], above[0]].map((value) => value!.toFixed(4)), ["0.5858", "3.4142"]);
});

Deno.test("repeats over other places are taken between their neighbours", () => {
  const { x, mean } = meanOfRepeats([line([0, 10], [0, 10]), line([0, 4, 10], [0, 4, 10])], 11, "minmax");
  assert.deepEqual([...x], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  mean.forEach((value, i) => assert(Math.abs(value - i) < 1e-9, `${value} at ${i}`));
});
