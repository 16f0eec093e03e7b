import assert from "node:assert/strict";
import { SubsetDataset } from "../../../src/data/algebra/subset_dataset.ts";
import { NDArray } from "../../../src/module/ndarray.ts";
import { testDataset } from "../dataset_contract.ts";
import { numbered, numbersOf } from "../numbered_items.ts";

testDataset(
  "SubsetDataset",
  () => new SubsetDataset({ dataset: numbered(9), indices: [8, 0, 8, 3] }),
  () => new SubsetDataset({ dataset: numbered(9), indices: [] }),
);
const indices = new NDArray("int32", [3], [5, 1, 1]);
testDataset("SubsetDataset of an array", () => new SubsetDataset({ dataset: numbered(9), indices }));

Deno.test("SubsetDataset: says which number is no item's", async () => {
  assert.deepEqual(numbersOf(new SubsetDataset({ dataset: numbered(9), indices })), [5, 1, 1]);
  await assert.rejects(
    SubsetDataset.configure({ dataset: numbered(9), indices: [1, 9] }),
    /^RangeError: Cannot select item 9 for SubsetDataset: ArrayDataset has 9 items; check indices\[1\]/,
  );
  assert.throws(
    () => new SubsetDataset({ dataset: numbered(9), indices: [1.5] }),
    /found an array of float32 \[1\]; give/,
  );
  assert.throws(
    () => new SubsetDataset({ dataset: numbered(9), indices: new NDArray("int32", [1, 2], [0, 1]) }),
    /found an array of int32 \[1,2\]; give a list of numbers/,
  );
});
