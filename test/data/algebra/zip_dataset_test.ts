import assert from "node:assert/strict";
import { ZipDataset } from "../../../src/data/algebra/zip_dataset.ts";
import { NDArray } from "../../../src/module/ndarray.ts";
import { testDataset } from "../dataset_contract.ts";
import { numbered } from "../numbered_items.ts";

testDataset("ZipDataset", () => new ZipDataset({ datasets: [numbered(5), numbered(4, 50)] }));
testDataset("ZipDataset of inputs", () => new ZipDataset({ datasets: [numbered(5), numbered(4)], target: "input" }));
const combine = (...items: { input: NDArray; target: number | NDArray }[]) => ({
  input: new NDArray("float32", [items.length], items.map(({ input }) => Number(input.data[0]))),
  target: items.reduce((sum, { target }) => sum + Number(target), 0),
});
testDataset("ZipDataset by a function", () => new ZipDataset({ datasets: [numbered(5), numbered(4, 50)], combine }));

Deno.test("ZipDataset: the input of the first, the target of the last, or what is said", () => {
  const zip = (options: object) =>
    new ZipDataset({ datasets: [numbered(5), numbered(9), numbered(4, 50)], ...options }).get(1);
  assert.deepEqual([[...zip({}).input.data], zip({}).target], [[1, -1], 51]);
  assert.deepEqual([...(zip({ target: "input" }).target as NDArray).data], [51, -51]);
  assert.deepEqual([[...zip({ combine }).input.data], zip({ combine }).target], [[1, 1, 51], 53]);
  class Own extends ZipDataset {
    override combine = combine;
  }
  assert.equal(Own.prototype instanceof ZipDataset, true);
  assert.throws(() => new ZipDataset({ datasets: [numbered(2)] }), /^TypeError: Cannot configure ZipDataset: datasets/);
});
