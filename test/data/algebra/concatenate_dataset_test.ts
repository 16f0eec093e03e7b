import assert from "node:assert/strict";
import { ConcatenateDataset } from "../../../src/data/algebra/concatenate_dataset.ts";
import { IterableDataset } from "../../../src/data/iterable_dataset.ts";
import { ArrayDataset } from "../../../src/data/array_dataset.ts";
import { NDArray } from "../../../src/module/ndarray.ts";
import { testDataset } from "../dataset_contract.ts";
import { numbered } from "../numbered_items.ts";

testDataset(
  "ConcatenateDataset",
  () => new ConcatenateDataset({ datasets: [numbered(3), numbered(0), numbered(4, 10)] }),
  () => new ConcatenateDataset({ datasets: [numbered(0)] }),
);

Deno.test("ConcatenateDataset: items that differ are named, and a source without an end comes last", async () => {
  const wide = new ArrayDataset({ input: new NDArray("float32", [2, 3]), target: [0, 1] });
  await assert.rejects(
    ConcatenateDataset.configure({ datasets: [numbered(3), wide] }),
    /^TypeError: Cannot concatenate: the input is float32 \[2\] in datasets.0 \(ArrayDataset\) and float32 \[3\] in datasets.1 .*; make them alike/,
  );
  const endless = new IterableDataset({ source: () => [numbered(1).get(0)], classes: 1000 });
  await assert.rejects(
    ConcatenateDataset.configure({ datasets: [endless, numbered(3)] }),
    /^RangeError: Cannot concatenate: nobody knows where datasets.0 \(IterableDataset\) ends; put it last/,
  );
  const classes = new ConcatenateDataset({ datasets: [numbered(2, 0, 10), numbered(2, 0, 20)] });
  assert.equal(classes.description.target.classes, 20);
});
