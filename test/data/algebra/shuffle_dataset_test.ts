import assert from "node:assert/strict";
import { ShuffleDataset } from "../../../src/data/algebra/shuffle_dataset.ts";
import { seedTree } from "../../../src/module/seed.ts";
import { testDataset } from "../dataset_contract.ts";
import { numbered, numbersOf } from "../numbered_items.ts";

testDataset("ShuffleDataset", () => new ShuffleDataset({ dataset: numbered(9) }));

Deno.test("ShuffleDataset: the order follows from seed, path and pass; its state is enough", async () => {
  const seeded = (seed: number, path = "data", options = {}) => {
    const dataset = new ShuffleDataset({ dataset: numbered(20), ...options });
    seedTree(dataset, seed, path);
    return dataset;
  };
  const order = numbersOf(seeded(7), 2);
  assert.deepEqual(numbersOf(seeded(7), 2), order);
  assert.notDeepEqual(numbersOf(seeded(8), 2), order, "seed");
  assert.notDeepEqual(numbersOf(seeded(7, "other"), 2), order, "path");
  assert.notDeepEqual(numbersOf(seeded(7), 3), order, "pass");
  const fixed = seeded(7, "data", { eachPass: false });
  assert.deepEqual(numbersOf(fixed, 3), numbersOf(fixed, 0));
  const restored = new ShuffleDataset({ dataset: numbered(20) });
  assert.notDeepEqual(numbersOf(restored, 2), order);
  await restored.loadState(await seeded(7).state());
  assert.deepEqual(numbersOf(restored, 2), order);
});
