import assert from "node:assert/strict";
import fc from "fast-check";
import { BatchDataset } from "../../src/data/algebra/batch_dataset.ts";
import type { Item } from "../../src/data/batch.ts";
import { ConcatenateDataset } from "../../src/data/algebra/concatenate_dataset.ts";
import { DataLoader } from "../../src/data/data_loader.ts";
import { DataProvider } from "../../src/data/data_provider.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { IterableDataset, type Round, type Source } from "../../src/data/iterable_dataset.ts";
import { MapDataset } from "../../src/data/algebra/map_dataset.ts";
import { ShuffleDataset } from "../../src/data/algebra/shuffle_dataset.ts";
import { TakeDataset } from "../../src/data/algebra/take_dataset.ts";
import { ZipDataset } from "../../src/data/algebra/zip_dataset.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { seedTree } from "../../src/module/seed.ts";
import { batchesOf } from "./numbered_items.ts";

const item = (x: number): Item => ({ input: new NDArray("float32", [1], [x]), target: x });

/** So many items from a round's hundred on. */
const rounds = (size: number) =>
  function* ({ round }: Round) {
    for (let i = 0; i < size; i++) yield item(100 * round + i);
  };

const sources: Record<string, Source> = {
  "a generator function": rounds(7),
  "an async generator function": async function* ({ round }) {
    for (let i = 0; i < 7; i++) yield await Promise.resolve(item(100 * round + i));
  },
  "a function that gives an iterator": ({ round }) => {
    let i = 0;
    return { next: () => i < 7 ? { done: false, value: item(100 * round + i++) } : { done: true, value: undefined } };
  },
};

for (const [name, source] of Object.entries(sources)) {
  Deno.test(`IterableDataset: of ${name}, a pass is a round, and lasts until it ends`, async () => {
    const dataset = await IterableDataset.configure({ source });
    assert.deepEqual([dataset.size, dataset.access], [Infinity, "forward"]);
    assert.deepEqual(dataset.description, {
      input: { shape: [1], dtype: "float32" },
      target: { shape: [], dtype: "int32" },
    });
    const loader = new DataLoader({ batchSize: 3 });
    assert.deepEqual(await batchesOf(loader.iterate(dataset)), ["0,1,2", "3,4,5", "6"]);
    assert.deepEqual(await batchesOf(loader.iterate(dataset)), ["100,101,102", "103,104,105", "106"]);
    assert.deepEqual([loader.pass, loader.position], [2, 0]);
    assert.deepEqual(await batchesOf(loader.iterate(dataset, { tracked: false })), ["0,1,2", "3,4,5", "6"]);
    const short = new DataLoader({ batchSize: 3, dropLast: true, limit: 6 });
    assert.deepEqual(await batchesOf(short.iterate(dataset)), ["0,1,2", "3,4,5"]);
    assert.deepEqual(await batchesOf(short.iterate(dataset)), ["100,101,102", "103,104,105"]);
  });
}

Deno.test("IterableDataset: endless, a pass goes on where the last one was, through round after round", async () => {
  const dataset = await IterableDataset.configure({ source: rounds(7), endless: true });
  const loader = new DataLoader({ batchSize: 3, limit: 5 }), found: string[] = [];
  for (let pass = 0; pass < 4; pass++) found.push(...await batchesOf(loader.iterate(dataset)));
  assert.deepEqual(found, ["0,1,2", "3,4", "5,6,100", "101,102", "103,104,105", "106,200", "201,202,203", "204,205"]);
  const open = new DataLoader({ batchSize: 3 });
  const needs = /^RangeError: Cannot iterate over IterableDataset: it has no end; give the DataLoader a limit/;
  await assert.rejects(batchesOf(open.iterate(dataset)), needs);
  await assert.rejects(batchesOf(open.iterate(dataset, { tracked: false })), needs);
  const provider = new DataProvider({ datasets: { train: dataset } });
  assert.deepEqual(provider.check(), [
    "train (IterableDataset) has no end; give the dataLoader a limit, the items of a pass",
  ]);
});

Deno.test("IterableDataset: an iterable is begun again for each pass; what goes through once is told", async () => {
  const list = await IterableDataset.configure({ source: [item(1), item(2), item(3)] });
  const loader = new DataLoader({ batchSize: 2, prefetch: 2 });
  for (let pass = 0; pass < 2; pass++) assert.deepEqual(await batchesOf(loader.iterate(list)), ["1,2", "3"]);
  const once = await IterableDataset.configure({ source: rounds(4)({ round: 0 } as Round) });
  const first = new DataLoader({ batchSize: 2 });
  assert.deepEqual(await batchesOf(first.iterate(once)), ["0,1", "2,3"], "looking at the first loses none");
  await assert.rejects(
    batchesOf(first.iterate(once)),
    /^TypeError: Cannot begin IterableDataset again: its source can be gone through only once; give the function/,
  );
});

Deno.test("IterableDataset: stopped anywhere it goes on with the same batches, its source begun again", async () => {
  const make = async (endless: boolean, seedFirst: boolean) => {
    const dataset = new IterableDataset({
      endless,
      source: function* ({ random, round }) {
        for (let i = 0; i < 5 + round % 3; i++) yield item(Math.floor(1000 * random.uniform()));
      },
    });
    if (seedFirst) seedTree(dataset, 3, "data");
    await dataset.prepare();
    seedTree(dataset, 3, "data");
    return dataset;
  };
  const law = fc.asyncProperty(
    fc.boolean(),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 12 }),
    fc.nat(3),
    fc.array(fc.nat(4), { maxLength: 8 }),
    async (endless, batchSize, limit, prefetch, stops) => {
      const options = { batchSize: Math.min(batchSize, limit), limit: endless ? limit : null, prefetch };
      const whole = new DataLoader(options), wanted: string[] = [], found: string[] = [];
      for (let pass = 0; pass < 3; pass++) wanted.push(...await batchesOf(whole.iterate(await make(endless, true))));
      let loader = new DataLoader(options), dataset = await make(endless, true);
      for (let round = 0; loader.pass < 3; round++) {
        found.push(...await batchesOf(loader.iterate(dataset), stops[round]));
        const state = await loader.state();
        await (loader = new DataLoader(options)).loadState(state);
        dataset = await make(endless, round % 2 === 0);
      }
      assert.deepEqual(found, wanted);
    },
  );
  await fc.assert(law, { numRuns: 100 });
});

Deno.test("IterableDataset: other data sets may be made of it, where they can", async () => {
  const stream = (endless = false) => new IterableDataset({ source: rounds(7), endless });
  const drawn = async (dataset: Dataset, limit: number | null = null) => {
    await dataset.prepare();
    return await batchesOf(new DataLoader({ batchSize: 4, limit }).iterate(dataset));
  };
  const double = ({ input, target }: Item) => item(2 * Number(input.data[0]) + 0 * Number(target));
  assert.deepEqual(await drawn(new MapDataset({ dataset: stream(), transform: double })), ["0,2,4,6", "8,10,12"]);
  const taken = new TakeDataset({ dataset: stream(true), count: 9, skip: 1 });
  await taken.prepare();
  assert.deepEqual([taken.size, taken.access], [9, "forward"]);
  assert.deepEqual(await drawn(taken), ["1,2,3,4", "5,6,100,101", "102"]);
  const zipped = new ZipDataset({ datasets: [stream(), stream(true)] });
  assert.deepEqual(await drawn(zipped), ["0,1,2,3", "4,5,6"]);
  const all = new ConcatenateDataset({ datasets: [new TakeDataset({ dataset: stream(), count: 2 }), stream()] });
  assert.deepEqual(await drawn(all), ["0,1,0,1", "2,3,4,5", "6"]);
  assert.deepEqual(await drawn(new BatchDataset({ dataset: stream(true), batchSize: 2 }), 5), ["0,2,4,6", "101"]);
  await assert.rejects(
    ShuffleDataset.configure({ dataset: stream() }),
    /^TypeError: Cannot use IterableDataset in ShuffleDataset: it gives its items only one after another; keep them first/,
  );
});

Deno.test("IterableDataset: training and validation go through one source side by side", async () => {
  let begun = 0;
  const dataset = await IterableDataset.configure({
    source: function* (round) {
      begun++;
      yield* rounds(12)(round);
    },
    classes: 1000,
  });
  const loader = new DataLoader({ batchSize: 3 }), found: string[] = [];
  for await (const { target } of loader.iterate(dataset)) {
    found.push(`${target.data}`);
    assert.equal((await batchesOf(loader.iterate(dataset, { tracked: false }))).length, 4);
  }
  assert.deepEqual(found, ["0,1,2", "3,4,5", "6,7,8", "9,10,11"]);
  assert.ok(begun <= 6, `begun ${begun} times`);
});

Deno.test("IterableDataset: says what is wrong with a source", async () => {
  const empty = { source: () => [] };
  await assert.rejects(
    IterableDataset.configure(empty),
    /^RangeError: Cannot use IterableDataset: its source gave no it/,
  );
  const wrong = (x: unknown) => IterableDataset.configure({ source: () => [x] as Item[] });
  await assert.rejects(
    wrong({ x: 1 }),
    /^TypeError: .*its source gave a record of x \(Number\) as item 0; give \{ input, target \}/,
  );
  await assert.rejects(wrong(3), /gave Number as item 0/);
  assert.throws(() => new IterableDataset({ source: 3 as never }), /expected a generator function, or something to it/);
  await assert.rejects(
    IterableDataset.configure({}),
    /^TypeError: Cannot begin IterableDataset: it has no source; give/,
  );
  const fails = function* () {
    yield item(1);
    throw new Error("the sensor is off");
  };
  const dataset = await IterableDataset.configure({ source: fails, classes: 9 });
  await assert.rejects(batchesOf(new DataLoader({ batchSize: 2 }).iterate(dataset)), /the sensor is off/);
  const cold = new IterableDataset({ source: rounds(3) });
  assert.throws(
    () => cold.description,
    /^TypeError: Cannot get item 0 of IterableDataset: .*; await its prepare\(\) first/,
  );
  await cold.prepare();
  assert.throws(() => cold.get(5), /iterate over it by a DataLoader, or keep its items: new CacheDataset/);
  assert.throws(() => cold.get(-1), RangeError);
});
