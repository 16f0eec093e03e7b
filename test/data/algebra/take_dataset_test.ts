import assert from "node:assert/strict";
import { TakeDataset } from "../../../src/data/algebra/take_dataset.ts";
import { testDataset } from "../dataset_contract.ts";
import { numbered, numbersOf } from "../numbered_items.ts";

testDataset(
  "TakeDataset",
  () => new TakeDataset({ dataset: numbered(9), count: 4, skip: 2 }),
  () => new TakeDataset({ dataset: numbered(9), skip: 9 }),
);

Deno.test("TakeDataset: as many as there are", () => {
  const taken = (options: object) => numbersOf(new TakeDataset({ dataset: numbered(5), ...options }));
  assert.deepEqual(taken({ count: 2 }), [0, 1]);
  assert.deepEqual(taken({ count: 20 }), [0, 1, 2, 3, 4]);
  assert.deepEqual(taken({ skip: 3 }), [3, 4]);
  assert.deepEqual(taken({ count: 1, skip: 7 }), []);
  assert.throws(() => taken({ count: -1 }), /^TypeError: Cannot configure TakeDataset: count: .*found -1/);
  assert.throws(() => taken({ cuont: 1 }), /unknown key "cuont"; did you mean "count"\?/);
});
