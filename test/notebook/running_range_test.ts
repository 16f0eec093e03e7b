import assert from "node:assert/strict";
import { Ranges, short } from "../../src/notebook/running_range.ts";

Deno.test("of a thousand values the lowest, the highest and the last are sent, in order", () => {
  const ranges = new Ranges();
  for (let step = 1; step <= 1000; step++) ranges.add("train/loss", step, step === 400 ? -9 : step === 300 ? 9 : 1 / 3);
  assert.deepEqual(ranges.take(), { "train/loss": { x: [300, 400, 1000], y: [9, -9, 0.33333] } });
  assert.deepEqual(ranges.take(), {});
});

Deno.test("the same value is sent once, series by series", () => {
  const ranges = new Ranges();
  ranges.add("a", 1, 5);
  ranges.add("b", 1, 2);
  ranges.add("b", 2, 1);
  assert.deepEqual(ranges.take(), { a: { x: [1], y: [5] }, b: { x: [1, 2], y: [2, 1] } });
  ranges.add("a", 2, 6);
  assert.deepEqual(ranges.take(), { a: { x: [2], y: [6] } });
});

Deno.test("a missing value is no extreme, but it may be the last", () => {
  const ranges = new Ranges();
  for (const [step, value] of [[1, NaN], [2, 3], [3, Infinity], [4, 2], [5, NaN]] as const) {
    ranges.add("a", step, value);
  }
  assert.deepEqual(ranges.take(), { a: { x: [2, 4, 5], y: [3, 2, NaN] } });
});

Deno.test("an update's size does not grow with what came", () => {
  const sizeOf = (steps: number) => {
    const ranges = new Ranges();
    for (let step = 0; step < steps; step++) ranges.add("train/loss", 1e6 + step, Math.sin(step));
    return JSON.stringify(ranges.take()).length;
  };
  assert(sizeOf(100_000) < 120);
  assert(Math.abs(sizeOf(100_000) - sizeOf(100)) < 20);
});

Deno.test("numbers keep what can be seen of them", () => {
  assert.deepEqual([short(1 / 3), short(123456789), short(1234567.89), short(1e-9 / 3)], [
    0.33333,
    123456789,
    1234600,
    3.3333e-10,
  ]);
});
