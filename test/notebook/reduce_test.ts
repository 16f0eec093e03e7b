import assert from "node:assert/strict";
import { reduce } from "../../src/notebook/reduce.ts";

const noisy = (length: number) =>
  Float64Array.from({ length }, (_, i) => Math.exp(-i / length) + Math.sin(i * 12.9898) / 10);

for (const length of [10_000, 1_000_000]) {
  Deno.test(`of ${length} points the first, the last and the extremes stay, in order`, () => {
    const y = noisy(length), x = y.map((_, i) => i);
    y[length / 2] = 40;
    y[length / 2 + 1] = -40;
    const kept = reduce(x, y, 300);
    assert(kept.length <= 300 && kept.length >= 290);
    assert(kept.every((index, i) => i === 0 || index > kept[i - 1]!));
    assert.deepEqual([kept[0], kept.at(-1)], [0, length - 1]);
    assert(kept.includes(length / 2) && kept.includes(length / 2 + 1));
  });
}

Deno.test("each part of a line keeps its own lowest and highest value", () => {
  const y = noisy(10_000), x = y.map((_, i) => i);
  const kept = [...reduce(x, y, 202)];
  for (let part = 0; part < 100; part++) {
    const [start, end] = [1 + Math.floor(part * 99.98), 1 + Math.floor((part + 1) * 99.98)];
    const inside = y.subarray(start, end);
    const shown = kept.filter((index) => index >= start && index < end).map((index) => y[index]!);
    assert.deepEqual([Math.min(...shown), Math.max(...shown)], [Math.min(...inside), Math.max(...inside)]);
  }
});

Deno.test("a gap stays a gap, wherever it is and whatever it is made of", () => {
  for (const missing of [NaN, Infinity, -Infinity]) {
    const y = noisy(10_000), x = y.map((_, i) => i);
    y[4321] = missing;
    const kept = [...reduce(x, y, 300)];
    assert(kept.length <= 300);
    assert(kept.includes(4321), String(missing));
  }
});

Deno.test("few points all stay; none give none; only gaps give gaps", () => {
  assert.deepEqual([...reduce([1, 2, 3], [3, NaN, 1], 5)], [0, 1, 2]);
  assert.equal(reduce([], [], 5).length, 0);
  const gaps = reduce(noisy(1000), new Float64Array(1000).fill(NaN), 50);
  assert(gaps.length > 2 && gaps.length <= 50);
});

Deno.test("fewer than five points are no line", () => {
  for (const points of [4, 0, -1, 7.5, NaN]) assert.throws(() => reduce([1], [1], points), RangeError);
});
