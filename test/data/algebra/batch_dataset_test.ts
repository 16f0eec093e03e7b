import assert from "node:assert/strict";
import { BatchDataset } from "../../../src/data/algebra/batch_dataset.ts";
import { testDataset } from "../dataset_contract.ts";
import { numbered } from "../numbered_items.ts";

testDataset(
  "BatchDataset",
  () => new BatchDataset({ dataset: numbered(10), batchSize: 3 }),
  () => new BatchDataset({ dataset: numbered(2), batchSize: 3 }),
);

Deno.test("BatchDataset: items get a dimension more, and are no classes any more", () => {
  const { description } = new BatchDataset({ dataset: numbered(10), batchSize: 3 });
  assert.deepEqual(description, { input: { shape: [3, 2], dtype: "float32" }, target: { shape: [3], dtype: "int32" } });
});
