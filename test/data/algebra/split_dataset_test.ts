import assert from "node:assert/strict";
import fc from "fast-check";
import { ArrayDataset } from "../../../src/data/array_dataset.ts";
import { Digits } from "../../../src/data/digits.ts";
import { ShuffleDataset } from "../../../src/data/algebra/shuffle_dataset.ts";
import { SplitDataset } from "../../../src/data/algebra/split_dataset.ts";
import { TakeDataset } from "../../../src/data/algebra/take_dataset.ts";
import { NDArray } from "../../../src/module/ndarray.ts";
import { testDataset } from "../dataset_contract.ts";
import { numbered, numbersOf } from "../numbered_items.ts";

const parts = { train: 0.6, validation: 0.25, test: 0.15 };
testDataset("SplitDataset", () => new SplitDataset({ dataset: numbered(20), parts, part: "train" }));
testDataset("SplitDataset by classes", () => new SplitDataset({ dataset: numbered(9), part: "train", by: "classes" }));
const by = (_: unknown, i: number) => i % 7;
testDataset("SplitDataset by a key", () => new SplitDataset({ dataset: numbered(40), part: "train", by }));

const fractions = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 5 }).map((weights) => {
  const sum = weights.reduce((a, b) => a + b);
  return Object.fromEntries(weights.map((weight, i) => [`part ${i}`, weight / sum]));
});

Deno.test("SplitDataset: parts share nothing, are everything, have their fractions, and follow the seed alone", async () => {
  const how = fc.constantFrom("items" as const, "classes" as const, by);
  const law = fc.asyncProperty(
    fc.nat(60),
    fractions,
    how,
    fc.nat(9),
    fc.boolean(),
    async (size, parts, by, seed, shuffle) => {
      const classes = Array.from({ length: size }, (_, i) => i % 4),
        input = new NDArray("float32", [size, 1], [...classes.keys()]);
      const dataset = new ArrayDataset({ input, target: new NDArray("int32", [size], classes), classes: 4 });
      const all = SplitDataset.of(dataset, { parts, by, seed, shuffle }),
        again = SplitDataset.of(dataset, { parts, by, seed, shuffle });
      const found = Object.values(all).map((part) => numbersOf(part));
      assert.deepEqual(found.flat().sort((a, b) => a - b), [...classes.keys()]);
      for (const [name, part] of Object.entries(again)) {
        await part.prepare();
        assert.deepEqual(numbersOf(part), numbersOf(all[name]!), "made ready first, or asked at once");
      }
      for (const [i, fraction] of Object.values(parts).entries()) {
        if (by === "items") assert.ok(Math.abs(found[i]!.length - fraction * size) <= 1);
        if (by !== "classes") continue;
        for (const which of [0, 1, 2, 3]) {
          const those = classes.filter((one) => one === which).length;
          const here = found[i]!.filter((item) => classes[item] === which).length;
          assert.ok(Math.abs(here - fraction * those) <= 1, "each class by the fractions");
        }
      }
      if (by === "items" && !shuffle) assert.deepEqual(found.flat(), [...classes.keys()], "in order");
      if (typeof by === "function") {
        for (const part of found) {
          for (const other of found) {
            if (part !== other) {
              assert.ok(
                part.every((a) => other.every((b) => a % 7 !== b % 7)),
                "a key is in one part",
              );
            }
          }
        }
      }
    },
  );
  await fc.assert(law, { numRuns: 150 });
});

Deno.test("SplitDataset: another seed, another split; by classes the digits are even", () => {
  const test = (seed: number) => numbersOf(SplitDataset.of(numbered(100), { seed }).test);
  assert.deepEqual(test(1), test(1));
  assert.notDeepEqual(test(1), test(2));
  const { test: digits } = SplitDataset.of(new Digits({ split: "all" }), { by: "classes" });
  const counts = new Array(10).fill(0);
  for (let i = 0; i < digits.size; i++) counts[Number(digits.get(i).target)]++;
  assert.ok(Math.min(...counts) >= 34 && Math.max(...counts) <= 38, `${counts}`);
});

Deno.test("SplitDataset: says what is wrong with its options", () => {
  const wrong: [object, RegExp][] = [
    [{ part: "trian" }, /part: there is no part "trian"; did you mean "train"\?/],
    [{ part: "a", parts: { a: 0.5, b: 0.4 } }, /parts: the fractions are 0.9 together; make that 1/],
    [{ part: "train", by: "class" }, /^TypeError: Cannot configure SplitDataset: by/],
  ];
  for (const [options, message] of wrong) {
    assert.throws(() => new SplitDataset({ dataset: numbered(3), ...options } as never), message);
  }
  const odd = new SplitDataset({ dataset: numbered(3), part: "train", by: (() => ({})) as never });
  assert.throws(() => odd.size, /^TypeError: Cannot split by a key: for item 0 the function gave object/);
});

Deno.test("SplitDataset: by classes of few items each, the parts have their sizes all the same", () => {
  const classes = Array.from({ length: 200 }, (_, i) => i % 100);
  const dataset = new ArrayDataset({ input: classes.map((i) => [i]), target: classes });
  const { train, test } = SplitDataset.of(dataset, { by: "classes" });
  assert.deepEqual([train.size, test.size], [160, 40]);
});

Deno.test("SplitDataset: refuses what has another order in each part, which would share items", async () => {
  const dataset = new TakeDataset({ dataset: new ShuffleDataset({ dataset: numbered(20) }), count: 10 });
  await assert.rejects(
    SplitDataset.configure({ dataset, part: "train" }),
    /^TypeError: Cannot split ShuffleDataset: .*split first, then shuffle/,
  );
});
