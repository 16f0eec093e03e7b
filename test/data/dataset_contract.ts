import assert from "node:assert/strict";
import type { Dataset } from "../../src/data/dataset.ts";
import { type NDArray } from "../../src/module/ndarray.ts";

/** The laws of every data set; `make` gives one with at least 3 items, `empty` one with none where there can be one. */
export function testDataset(name: string, make: () => Dataset | Promise<Dataset>, empty?: () => Dataset): void {
  Deno.test(`${name}: a call gets an item, and the same item every time`, async () => {
    const [dataset, another] = [await make(), await make()];
    for (const i of [0, 1, dataset.size - 1]) {
      const item = dataset.get(i);
      assert.deepEqual(dataset(i), item);
      assert.deepEqual(another.get(i), item, "what it holds follows from its options");
    }
  });
  Deno.test(`${name}: items look as described`, async () => {
    const dataset = await make(), { input, target } = dataset.description;
    for (let i = 0; i < Math.min(dataset.size, 50); i++) {
      const item = dataset.get(i);
      assert.deepEqual([item.input.dtype, item.input.shape], [input.dtype, input.shape]);
      if (typeof item.target === "number") assert.deepEqual(target.shape, []);
      else assert.deepEqual([item.target.dtype, item.target.shape], [target.dtype, target.shape]);
      if (target.classes !== undefined) assert.ok(Number(item.target) >= 0 && Number(item.target) < target.classes);
    }
  });
  Deno.test(`${name}: a batch is its items, stacked`, async () => {
    const dataset = await make(), { input, target } = dataset.description;
    for (const indices of [[2, 0, 2], [dataset.size - 1], []]) {
      const batch = await dataset.gather(indices);
      assert.equal(batch.size, indices.length);
      assert.deepEqual(batch.index, Uint32Array.from(indices));
      assert.deepEqual([batch.input.dtype, batch.input.shape], [input.dtype, [indices.length, ...input.shape]]);
      assert.deepEqual([batch.target.dtype, batch.target.shape], [target.dtype, [indices.length, ...target.shape]]);
      const items = indices.map((i) => dataset.get(i));
      assert.deepEqual(flat(batch.input), items.flatMap((item) => flat(item.input)));
      assert.deepEqual(flat(batch.target), items.flatMap((item) => flat(item.target)));
    }
  });
  Deno.test(`${name}: what it gives out is not its own`, async () => {
    const dataset = await make(), before = await dataset.gather([0, 1]), item = dataset.get(1);
    const spoilt = await dataset.gather([0, 1]);
    for (const array of [spoilt.input, spoilt.target, dataset.get(0).input]) array.bytes.fill(99);
    spoilt.index.fill(99);
    assert.deepEqual(await dataset.gather([0, 1]), before);
    assert.deepEqual(dataset.get(1), item);
  });
  Deno.test(`${name}: refuses numbers that are no item's`, async () => {
    const dataset = await make();
    for (const i of [-1, dataset.size, 0.5, NaN]) {
      const expected = { name: "RangeError", message: new RegExp(`^Cannot get item ${i} of .*; take a whole number`) };
      assert.throws(() => dataset.get(i), expected);
      await assert.rejects(async () => await dataset.gather([0, i]), expected);
    }
    if (empty) assert.throws(() => empty().get(0), /^RangeError: Cannot get item 0 of .* it has 0 items/);
  });
  Deno.test(`${name}: is built again from its configuration, made ready twice, and reading moves no state`, async () => {
    const dataset = await make();
    const data = JSON.parse(JSON.stringify(dataset.configuration.toJSON()));
    const again = new (dataset.constructor as new (options: unknown) => Dataset)(data);
    await again.prepare();
    await again.prepare();
    assert.deepEqual(again.get(1), dataset.get(1));
    assert.deepEqual(again.configuration.toJSON(), dataset.configuration.toJSON());
    assert.ok((await again.state()).equals(await dataset.state()));
  });
}

const flat = (value: number | NDArray): number[] =>
  typeof value === "number" ? [value] : Array.from(value.data, Number);
