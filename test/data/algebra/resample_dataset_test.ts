import assert from "node:assert/strict";
import { ResampleDataset } from "../../../src/data/algebra/resample_dataset.ts";
import { testDataset } from "../dataset_contract.ts";
import { numbered, numbersOf } from "../numbered_items.ts";

testDataset("ResampleDataset", () => new ResampleDataset({ dataset: numbered(9) }));
testDataset("ResampleDataset by a sampler", () => new ResampleDataset({ dataset: numbered(9), sampler: "Shuffled" }));

Deno.test("ResampleDataset: with replacement, without, or as a sampler says", async () => {
  const drawn = (options: object, pass = 0) =>
    numbersOf(new ResampleDataset({ dataset: numbered(30), ...options }), pass);
  assert.ok(new Set(drawn({})).size < 30, "a bootstrap sample has some items twice");
  assert.notDeepEqual(drawn({}, 1), drawn({}, 0));
  assert.equal(drawn({ count: 100 }).length, 100);
  assert.equal(new Set(drawn({ count: 30, replacement: false })).size, 30);
  assert.deepEqual(drawn({ sampler: "Sampler" }), Array.from({ length: 30 }, (_, i) => i));
  await assert.rejects(
    ResampleDataset.configure({ dataset: numbered(3), count: 4, replacement: false }),
    /^RangeError: Cannot draw 4 items for ResampleDataset: ArrayDataset has 3; make count smaller, or set replacement/,
  );
  assert.throws(() => drawn({ sampler: "Sampler", count: 4 }), /count: a sampler says by itself how many/);
});
