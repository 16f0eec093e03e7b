import assert from "node:assert/strict";
import fc from "fast-check";
import type { Batch, Item } from "../../../src/data/batch.ts";
import { CacheDataset } from "../../../src/data/algebra/cache_dataset.ts";
import { IterableDataset } from "../../../src/data/iterable_dataset.ts";
import { ListDataset } from "../../../src/data/algebra/list_dataset.ts";
import { MapDataset } from "../../../src/data/algebra/map_dataset.ts";
import { TakeDataset } from "../../../src/data/algebra/take_dataset.ts";
import { NDArray } from "../../../src/module/ndarray.ts";
import { seedTree } from "../../../src/module/seed.ts";
import { testDataset } from "../dataset_contract.ts";
import { numbered, numbersIn, numbersOf } from "../numbered_items.ts";

for (const bytes of [1e6, 36, 0]) {
  testDataset(`CacheDataset of ${bytes} bytes`, () => new CacheDataset({ dataset: numbered(9), bytes }));
}

/** Counts how often each item was asked for. */
function counted(size: number) {
  const asked = new Map<number, number>(), dataset = numbered(size), gather = dataset.gather.bind(dataset);
  Object.defineProperty(dataset, "gather", {
    value: (indices: number[]): Batch => {
      for (const i of indices) asked.set(i, (asked.get(i) ?? 0) + 1);
      return gather(indices);
    },
  });
  return { dataset, asked };
}

Deno.test("CacheDataset: what was asked for once is not asked for again, as much as fits", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.nat(19), { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 20 }),
      fc.nat(25),
      async (batches, fit) => {
        const { dataset, asked } = counted(20), cached = new CacheDataset({ dataset, bytes: fit * 12 });
        for (const indices of batches) assert.deepEqual(numbersIn(await cached.gather(indices)), indices);
        assert.ok(cached.kept <= fit);
        const again = [...asked.values()].filter((times) => times > 1).length;
        assert.ok(again <= asked.size - cached.kept, "only those that did not fit");
        if (fit >= 20) assert.equal(again, 0);
      },
    ),
  );
});

Deno.test("CacheDataset: what is random below it is drawn once", async () => {
  const noisy = new MapDataset({
    dataset: numbered(5),
    transform: ({ target }, random) => ({ input: new NDArray("float32", [1], [random.uniform()]), target }),
  });
  const cached = new CacheDataset({ dataset: noisy });
  const first = numbersIn(await cached.gather([0, 1, 2, 3, 4], 7));
  assert.deepEqual(numbersOf(cached, 3), first);
  assert.deepEqual(numbersOf(noisy, 0), first, "as in the first pass, whichever asked");
  seedTree(cached, 5);
  assert.notDeepEqual(numbersIn(await cached.gather([0, 1, 2, 3, 4])), first, "another seed, other numbers");
  assert.deepEqual(numbersIn(await cached.gather([0, 1, 2, 3, 4])), numbersOf(noisy, 0));
});

Deno.test("CacheDataset: keeps a stream, so that it can be asked for in any order", async () => {
  const stream = (count: number) =>
    new TakeDataset({
      count,
      dataset: new IterableDataset({ source: () => numbersOf(numbered(50)).map((i) => numbered(1, i).get(0)) }),
    });
  const cached = await CacheDataset.configure({ dataset: stream(40) });
  assert.deepEqual([cached.access, cached.kept], ["random", 40]);
  assert.deepEqual(numbersIn(await cached.gather([39, 0, 7])), [39, 0, 7]);
  seedTree(cached, 5);
  assert.deepEqual(numbersIn(await cached.gather([39, 0, 7])), [39, 0, 7], "read again");
  await assert.rejects(
    CacheDataset.configure({ dataset: stream(40), bytes: 100 }),
    /^RangeError: .*there are 40, and 8 fit in 100 bytes; take fewer/,
  );
  await assert.rejects(CacheDataset.configure({ dataset: stream(60) }), /it ended after 50; take as many/);
});

Deno.test("CacheDataset: keeps what a data set above it asks for item by item, to the same bits as it comes", async () => {
  let loaded = 0;
  const list = new ListDataset({
    list: [0.1, 0.2, 0.3, 0.4],
    load: async (x) => {
      loaded++;
      return await Promise.resolve({ input: new NDArray("float32", [1], [Number(x)]), target: Number(x) });
    },
  });
  for (const bytes of [1e6, 16, 0]) {
    const cached = new CacheDataset({ dataset: list, bytes });
    const transform = ({ input, target }: Item) => ({ input, target: 3 * (target as number) });
    const mapped = await MapDataset.configure({ dataset: cached, transform });
    const first = [...(await mapped.gather([3, 0, 1, 1])).target.data], before = loaded;
    assert.deepEqual([...(await mapped.gather([3, 0, 1, 1])).target.data], first, `${bytes} bytes`);
    if (bytes === 1e6) assert.equal(loaded, before, "nothing is loaded again");
    assert.equal(cached.kept, Math.min(3, Math.floor(bytes / 8)));
  }
});

Deno.test("CacheDataset: what took another's place below it is asked for", async () => {
  const cached = new CacheDataset({ dataset: numbered(4) });
  assert.deepEqual(numbersIn(await cached.gather([1, 2])), [1, 2]);
  cached.dataset = numbered(4, 100);
  assert.deepEqual(numbersIn(await cached.gather([1, 2])), [101, 102]);
});
