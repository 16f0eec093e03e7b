import assert from "node:assert/strict";
import type { Item } from "../../../src/data/batch.ts";
import { ListDataset } from "../../../src/data/algebra/list_dataset.ts";
import { MapDataset } from "../../../src/data/algebra/map_dataset.ts";
import { MixtureDataset } from "../../../src/data/algebra/mixture_dataset.ts";
import { SplitDataset } from "../../../src/data/algebra/split_dataset.ts";
import { DataLoader } from "../../../src/data/data_loader.ts";
import { IterableDataset } from "../../../src/data/iterable_dataset.ts";
import { NDArray } from "../../../src/module/ndarray.ts";
import type { Random } from "../../../src/module/random.ts";
import { seedTree } from "../../../src/module/seed.ts";
import type { Value } from "../../../src/module/value.ts";
import { testDataset } from "../dataset_contract.ts";
import { numbered, numbersIn, numbersOf } from "../numbered_items.ts";

const noisy = ({ input, target }: Item, random: Random): Item => ({
  input: new NDArray("float32", input.shape, (input.data as Float32Array).map((x) => x + random.uniform())),
  target,
});
testDataset("MapDataset", () => new MapDataset({ dataset: numbered(9), transform: noisy }));

class Halved extends MapDataset {
  override transform({ input }: Item): Item {
    return { input, target: Number(input.data[0]) / 2 };
  }
}
testDataset("MapDataset by a method", () => new Halved({ dataset: numbered(9) }));

Deno.test("MapDataset: random numbers follow from seed, path, pass and item, not from who asked before", async () => {
  const seeded = (seed: number, path = "data") => {
    const dataset = new MapDataset({ dataset: numbered(9), transform: noisy });
    seedTree(dataset, seed, path);
    return dataset;
  };
  const dataset = seeded(3), wanted = numbersOf(dataset, 1);
  assert.equal(new Set(wanted.map((x) => x % 1)).size, 9, "each item has its own");
  assert.deepEqual(numbersIn(await seeded(3).gather([8, 2], 1)), [wanted[8], wanted[2]]);
  for (const other of [numbersOf(dataset, 2), numbersOf(seeded(4), 1), numbersOf(seeded(3, "elsewhere"), 1)]) {
    assert.ok(other.every((x, i) => x !== wanted[i]));
  }
  assert.deepEqual(numbersOf(dataset, 1), wanted, "asking moves nothing");
  seedTree(dataset, 4, "data");
  assert.deepEqual(numbersOf(dataset, 1), numbersOf(seeded(4), 1), "also where it is seeded after that");
});

Deno.test("MapDataset: what items look like is looked up anew", () => {
  const shape = (transform: (item: Item) => Item, options = {}) =>
    new MapDataset({ dataset: numbered(9), transform, ...options }).description;
  const same = shape((item) => item);
  assert.deepEqual(same, {
    input: { shape: [2], dtype: "float32" },
    target: { shape: [], dtype: "int32", classes: 1000 },
  });
  assert.deepEqual(shape(({ input }) => ({ input, target: 0.5 })).target, { shape: [], dtype: "float32" });
  assert.deepEqual(shape((item) => item, { classes: 12 }).target.classes, 12);
  assert.deepEqual(shape(({ input }) => ({ input: input.reshape([2, 1]), target: input })).target.shape, [2]);
});

Deno.test("MapDataset: a function stands in the configuration by its text", () => {
  const configuration = (transform: (item: Item) => Item) =>
    new MapDataset({ dataset: numbered(2), transform }).configuration;
  const first = configuration((item) => item), same = configuration((item) => item);
  assert.deepEqual(first.toJSON(), same.toJSON());
  const other = configuration(({ input }) => ({ input, target: 1 }));
  assert.deepEqual(other.compare(first).map(({ path }) => path), ["transform.sha256"]);
  const foreign = { function: "noise", sha256: "0".repeat(64) };
  assert.throws(
    () => new MapDataset({ dataset: numbered(2), transform: foreign }),
    /transform: the function "noise" of sha256 000000000000\.\.\. was given in code .*; give it again, or make it a method/,
  );
  assert.throws(
    () => new MapDataset({ dataset: numbered(2), transform: 3 as never }),
    /expected a function of an item/,
  );
});

Deno.test("MapDataset: says what is missing, and what can't be waited for", () => {
  assert.throws(() => new MapDataset({ dataset: numbered(2) }).get(0), /^TypeError: .*it has no transform; give it/);
  const late = new MapDataset({ dataset: numbered(2), transform: ((item: Item) => Promise.resolve(item)) as never });
  assert.throws(
    () => late.get(0),
    /^TypeError: Cannot map by MapDataset: the transform gave a promise; what takes time/,
  );
});

Deno.test("MapDataset: of items that take time, below a split too, and of a mixture without an end", async () => {
  const load = async (x: Value) =>
    await Promise.resolve({ input: new NDArray("float32", [1], [Number(x)]), target: Number(x) / 2 });
  const list = new ListDataset({ list: [...Array(40).keys()], load });
  const half = new SplitDataset({ dataset: list, parts: { one: 0.5, other: 0.5 }, part: "other" });
  const mapped = await MapDataset.configure({ dataset: half, transform: (item) => item });
  assert.deepEqual(mapped.description.target, { shape: [], dtype: "float32" });
  assert.equal((await mapped.gather([0, 19])).size, 2);

  const endless = new IterableDataset({ endless: true, source: () => [numbered(1).get(0)] });
  const mixed = new MixtureDataset({ datasets: { endless, numbered: numbered(4) } });
  const noisy = await MapDataset.configure({ dataset: mixed, transform: (item) => item });
  assert.deepEqual(noisy.description.input.shape, [2]);
  assert.equal((await Array.fromAsync(new DataLoader({ batchSize: 4, limit: 8 }).iterate(noisy))).length, 2);
});
