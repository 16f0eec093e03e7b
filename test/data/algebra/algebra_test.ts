/** Laws of data sets that are made of others, on chains of them that are drawn at random. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { BatchDataset } from "../../../src/data/algebra/batch_dataset.ts";
import { CacheDataset } from "../../../src/data/algebra/cache_dataset.ts";
import { ConcatenateDataset } from "../../../src/data/algebra/concatenate_dataset.ts";
import type { Dataset } from "../../../src/data/dataset.ts";
import { MapDataset } from "../../../src/data/algebra/map_dataset.ts";
import { RepeatDataset } from "../../../src/data/algebra/repeat_dataset.ts";
import { ResampleDataset } from "../../../src/data/algebra/resample_dataset.ts";
import { ShuffleDataset } from "../../../src/data/algebra/shuffle_dataset.ts";
import { SplitDataset } from "../../../src/data/algebra/split_dataset.ts";
import { SubsetDataset } from "../../../src/data/algebra/subset_dataset.ts";
import { TakeDataset } from "../../../src/data/algebra/take_dataset.ts";
import { ZipDataset } from "../../../src/data/algebra/zip_dataset.ts";
import { NDArray } from "../../../src/module/ndarray.ts";
import { seedTree } from "../../../src/module/seed.ts";
import { numbered, numbersIn, numbersOf } from "../numbered_items.ts";

/** A data set, and what a naive model of it holds in a pass. */
interface Modelled {
  readonly dataset: Dataset;
  readonly model: (pass: number) => number[];
}

const sorted = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);
const negative = (dataset: Dataset) =>
  new MapDataset({
    dataset,
    transform: ({ input, target }) => ({
      input: new NDArray("float32", input.shape, (input.data as Float32Array).map((x) => -x)),
      target,
    }),
  });

/** Steps of a chain: each makes of a data set and its model another one and its model. */
const steps: Record<string, (source: Modelled, n: number) => Modelled> = {
  take: ({ dataset, model }, n) => ({
    dataset: new TakeDataset({ dataset, count: n, skip: n % 3 }),
    model: (pass) => model(pass).slice(n % 3, n % 3 + n),
  }),
  subset: ({ dataset, model }, n) => {
    const indices = Array.from({ length: n }, (_, i) => (i * 7 + n) % dataset.size);
    return { dataset: new SubsetDataset({ dataset, indices }), model: (pass) => indices.map((i) => model(pass)[i]!) };
  },
  repeat: ({ dataset, model }, n) => {
    const count = 1 + n % 3;
    const times = (pass: number) => Array.from({ length: count }, (_, time) => model(pass * count + time)).flat();
    return { dataset: new RepeatDataset({ dataset, count }), model: times };
  },
  concatenate: ({ dataset, model }, n) => ({
    dataset: new ConcatenateDataset({ datasets: [numbered(n, 500), dataset, numbered(2, 700)] }),
    model: (pass) => [...Array.from({ length: n }, (_, i) => 500 + i), ...model(pass), 700, 701],
  }),
  map: ({ dataset, model }) => ({ dataset: negative(dataset), model: (pass) => model(pass).map((x) => -x) }),
  cache: ({ dataset, model }, n) => ({
    dataset: new CacheDataset({ dataset, bytes: n * 12 }),
    model: () => model(0),
  }),
  zip: ({ dataset, model }, n) => ({
    dataset: new ZipDataset({ datasets: [dataset, numbered(n + 3)] }),
    model: (pass) => model(pass).slice(0, n + 3),
  }),
  // What these draw is looked up, and must be some of what there is.
  shuffle: ({ dataset, model }) => {
    const shuffled = new ShuffleDataset({ dataset });
    const numbers = (pass: number) => {
      const found = numbersOf(shuffled, pass);
      assert.deepEqual(sorted(found), sorted(model(pass)), "a permutation");
      return found;
    };
    return { dataset: shuffled, model: numbers };
  },
  resample: ({ dataset, model }, n) => {
    const resampled = new ResampleDataset({ dataset, count: n });
    const numbers = (pass: number) => {
      const found = numbersOf(resampled, pass), known = new Set(model(pass));
      assert.equal(found.length, n);
      assert.ok(found.every((number) => known.has(number)));
      return found;
    };
    return { dataset: resampled, model: numbers };
  },
  split: ({ dataset, model }) => {
    const classes = [...dataset.modules()].map(([, module]) => module.constructor);
    if (classes.some((one) => one === ShuffleDataset || one === ResampleDataset)) return { dataset, model }; // refused
    const parts = { train: 0.5, validation: 0.3, test: 0.2 };
    const all = Object.keys(parts).map((part) => new SplitDataset({ dataset, parts, part }));
    assert.deepEqual(sorted(all.flatMap((part) => numbersOf(part))), sorted(model(0)), "disjoint and complete");
    return { dataset: all[0]!, model: (pass) => numbersOf(all[0]!, pass) };
  },
};

const chain = fc.record({
  size: fc.integer({ min: 3, max: 30 }),
  steps: fc.array(fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.integer({ min: 1, max: 12 })), { maxLength: 5 }),
  pass: fc.nat(3),
  seed: fc.nat(1000),
});

Deno.test("algebra: a chain of data sets holds what a naive model holds, by item and by batch", async () => {
  await fc.assert(
    fc.asyncProperty(chain, async ({ size, steps: wanted, pass, seed }) => {
      let modelled: Modelled = { dataset: numbered(size), model: () => Array.from({ length: size }, (_, i) => i) };
      for (const [name, n] of wanted) {
        const next = steps[name]!(modelled, n);
        if (next.dataset.size < 1) continue;
        modelled = next;
      }
      const { dataset, model } = modelled;
      seedTree(dataset, seed);
      await dataset.prepare();
      const numbers = model(pass);
      assert.equal(dataset.size, numbers.length);
      assert.deepEqual(numbersOf(dataset, pass), numbers);
      const indices = [numbers.length - 1, 0, ...numbers.keys(), numbers.length >> 1];
      const batch = await dataset.gather(indices, pass);
      assert.deepEqual(numbersIn(batch), indices.map((i) => numbers[i]!));
      assert.deepEqual([...batch.index], indices);
      assert.deepEqual([batch.size, batch.target.shape], [indices.length, [indices.length]]);
      const items = await dataset.items(indices, pass);
      assert.deepEqual(items.map(({ input }) => Number(input.data[0])), indices.map((i) => numbers[i]!));
      assert.equal(typeof await dataset.digest(), "string");
    }),
    { numRuns: 300 },
  );
});

Deno.test("algebra: groups, flattened, are their items in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 9 }), async (size, count) => {
      const dataset = new BatchDataset({ dataset: numbered(size), batchSize: count });
      assert.equal(dataset.size, Math.floor(size / count));
      if (dataset.size === 0) return;
      const batch = await dataset.gather(Array.from({ length: dataset.size }, (_, i) => i));
      assert.deepEqual(batch.input.shape, [dataset.size, count, 2]);
      assert.deepEqual([...batch.target.data], Array.from({ length: dataset.size * count }, (_, i) => i));
      assert.deepEqual([...batch.index], Array.from({ length: dataset.size }, (_, i) => i));
    }),
  );
});

Deno.test("algebra: pipe applies operators one after another", () => {
  const dataset = numbered(10).pipe(
    TakeDataset.over({ skip: 2 }),
    RepeatDataset.over({ count: 2 }),
    BatchDataset.over({ batchSize: 4 }),
  );
  assert.deepEqual([...(dataset.get(1).target as NDArray).data], [6, 7, 8, 9]);
  assert.deepEqual(
    dataset.configuration.toJSON().dataset,
    (dataset as BatchDataset).dataset.configuration && {
      RepeatDataset: (dataset as BatchDataset).dataset.configuration.toJSON(),
    },
  );
});

Deno.test("algebra: a chain is configured by data alone, nested to any depth", async () => {
  const configuration = {
    batchSize: 32,
    dataset: { ShuffleDataset: { dataset: { TakeDataset: { count: 96, dataset: "Digits" } } } },
  } as const;
  const dataset = await BatchDataset.configure(configuration);
  assert.equal(dataset.size, 3);
  assert.deepEqual(dataset.configuration.toJSON(), {
    batchSize: 32,
    dataset: {
      ShuffleDataset: {
        dataset: { TakeDataset: { dataset: { Digits: { split: "train" } }, count: 96, skip: 0 } },
        eachPass: true,
      },
    },
  });
  assert.throws(
    () => new BatchDataset({ batchSize: 2, dataset: { TakeDataset: { dataset: { Digits: { splt: 1 } } } } } as never),
    /dataset\.TakeDataset\.dataset\.Digits: unknown key "splt"; did you mean "split"/,
  );
});

Deno.test("algebra: the digest tells the same data and the same way of taking them, wherever they lie", async () => {
  const digest = (from: number, count: number) => new TakeDataset({ dataset: numbered(9, from), count }).digest();
  assert.equal(await digest(0, 5), await digest(0, 5));
  assert.notEqual(await digest(0, 5), await digest(0, 6));
  assert.notEqual(await digest(0, 5), await digest(1, 5));
});
