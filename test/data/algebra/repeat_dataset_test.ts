import assert from "node:assert/strict";
import { RepeatDataset } from "../../../src/data/algebra/repeat_dataset.ts";
import { ShuffleDataset } from "../../../src/data/algebra/shuffle_dataset.ts";
import { testDataset } from "../dataset_contract.ts";
import { numbered, numbersOf } from "../numbered_items.ts";

testDataset(
  "RepeatDataset",
  () => new RepeatDataset({ dataset: numbered(4), count: 3 }),
  () => new RepeatDataset({ dataset: numbered(0), count: 3 }),
);

Deno.test("RepeatDataset: what is random below is drawn anew each time", () => {
  const shuffled = new ShuffleDataset({ dataset: numbered(20) });
  const repeated = numbersOf(new RepeatDataset({ dataset: shuffled, count: 2 }), 3);
  assert.deepEqual(repeated, [...numbersOf(shuffled, 6), ...numbersOf(shuffled, 7)]);
});
