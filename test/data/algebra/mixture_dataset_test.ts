import assert from "node:assert/strict";
import fc from "fast-check";
import { BehaviorSubject, Subject } from "rxjs";
import { ArrayDataset } from "../../../src/data/array_dataset.ts";
import type { Batch, Item } from "../../../src/data/batch.ts";
import { DataLoader } from "../../../src/data/data_loader.ts";
import type { Dataset } from "../../../src/data/dataset.ts";
import { IterableDataset } from "../../../src/data/iterable_dataset.ts";
import { MapDataset } from "../../../src/data/algebra/map_dataset.ts";
import { MixtureDataset } from "../../../src/data/algebra/mixture_dataset.ts";
import { ShuffleDataset } from "../../../src/data/algebra/shuffle_dataset.ts";
import { TakeDataset } from "../../../src/data/algebra/take_dataset.ts";
import { NDArray } from "../../../src/module/ndarray.ts";
import type { Random } from "../../../src/module/random.ts";
import { seedTree } from "../../../src/module/seed.ts";
import { batchesOf, numbered, numbersIn, numbersOf } from "../numbered_items.ts";
import { testDataset } from "../dataset_contract.ts";

const noise = ({ input, target }: Item, random: Random): Item => ({
  input: new NDArray("float32", input.shape, (input.data as Float32Array).map((x) => x + random.uniform() / 2)),
  target,
});

/** Items 0 to 11, 100 to 107 and 200 to 204. */
const mixture = (options: object = {}) =>
  new MixtureDataset({
    datasets: { a: numbered(12), b: numbered(8, 100), c: numbered(5, 200) },
    weights: { a: 3, b: 1, c: 1 },
    ...options,
  });
testDataset("MixtureDataset", () => mixture());

const parts = (numbers: readonly number[]) =>
  [0, 1, 2].map((part) => numbers.filter((x) => Math.floor(x / 100) === part));
const drawnFrom = async (dataset: Dataset, loader: DataLoader, passes: number) => {
  const found: number[] = [];
  for (let pass = 0; pass < passes; pass++) {
    found.push(...(await batchesOf(loader.iterate(dataset))).join().split(",").map(Number));
  }
  return found;
};

Deno.test("MixtureDataset: sources by their weights, the items of each in passes of its own", async () => {
  const dataset = mixture();
  seedTree(dataset, 7);
  assert.equal(dataset.size, 25);
  const found = await drawnFrom(dataset, new DataLoader({ batchSize: 10 }), 60), [a, b, c] = parts(found);
  assert.equal(found.length, 1500);
  const near = (share: number, part: number[]) => Math.abs(part.length / 1500 - share) < 0.05;
  assert.ok(near(0.6, a!) && near(0.2, b!) && near(0.2, c!), `${a!.length}, ${b!.length}, ${c!.length}`);
  for (const [part, size] of [[a!, 12], [b!, 8], [c!, 5]] as const) {
    for (let i = 0; i + size <= part.length; i += size) {
      assert.equal(new Set(part.slice(i, i + size)).size, size, "each item once in each pass over its source");
    }
  }
  const inOrder = await drawnFrom(mixture({ shuffle: false, count: 50 }), new DataLoader({ batchSize: 10 }), 1);
  assert.deepEqual(parts(inOrder)[0]!.slice(0, 14), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1]);
});

Deno.test("MixtureDataset: weights that nobody assigns give what it holds by number", async () => {
  const dataset = mixture();
  const drawn = await drawnFrom(dataset, new DataLoader({ batchSize: 4 }), 3);
  assert.deepEqual([0, 1, 2].flatMap((pass) => numbersOf(dataset, pass)), drawn);
  assert.deepEqual(numbersOf(new TakeDataset({ dataset: mixture(), count: 9 })), drawn.slice(0, 9));
});

Deno.test("MixtureDataset: weights may be assigned, and follow a stream; they count from the next batch on", async () => {
  const dataset = mixture(), weights$ = new Subject<Record<string, number>>(), seen: number[][] = [];
  const following = dataset.mixture.follow(weights$);
  for await (const { target } of new DataLoader({ batchSize: 6, prefetch: 3, limit: 24 }).iterate(dataset)) {
    seen.push([...new Set(Array.from(target.data as Int32Array, (x) => Math.floor(x / 100)))]);
    if (seen.length === 1) dataset.mixture.weights = { b: 1 };
    if (seen.length === 2) weights$.next({ c: 5 });
    if (seen.length === 3) weights$.error(new Error("no more"));
  }
  assert.deepEqual(seen.slice(1), [[1], [2], [2]]);
  assert.equal(following.closed, true);
  assert.match(dataset.mixture.status.warnings[0]!, /the stream of weights failed: no more; they stay as they are/);
});

/** A mixture of everything: noise over a mixture of a shuffled set, one with noise, and an endless stream. */
async function everything(): Promise<{ dataset: MapDataset; mixed: MixtureDataset }> {
  const stream = new IterableDataset({
    endless: true,
    classes: 1000,
    source: function* ({ random }) {
      for (let i = 0; i < 9; i++) {
        yield { input: new NDArray("float32", [2], [200 + random.below(50), i]), target: 200 + i };
      }
    },
  });
  const mixed = new MixtureDataset({
    datasets: {
      a: new ShuffleDataset({ dataset: numbered(12) }),
      b: new MapDataset({ dataset: numbered(8, 100), transform: noise }),
      c: stream,
    },
    weights: { a: 2, b: 1, c: 1 },
    count: 40,
  });
  const dataset = new MapDataset({ dataset: mixed, transform: noise });
  seedTree(dataset, 11, "dataProvider.datasets.train");
  await dataset.prepare();
  return { dataset, mixed };
}

const textOf = ({ input, target, index }: Batch) => `${input.data} ${target.data} ${index}`;

Deno.test("the law of resume: mixture, map, shuffle, stream and prefetch, stopped after any batch, weights moving", async () => {
  const cases = fc.record({
    batchSize: fc.integer({ min: 1, max: 11 }),
    prefetch: fc.nat(3),
    weights: fc.array(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 3 }), {
      minLength: 1,
      maxLength: 9,
    }),
    stops: fc.array(fc.nat(5), { maxLength: 12 }),
  });
  const law = fc.asyncProperty(cases, async ({ batchSize, prefetch, weights, stops }) => {
    const begin = async () => ({ ...await everything(), loader: new DataLoader({ batchSize, prefetch }) });
    /** Goes on for so many batches; after each the weights follow what was drawn. */
    const draw = async ({ dataset, mixed, loader }: Awaited<ReturnType<typeof begin>>, most = Infinity) => {
      const found: string[] = [];
      if (most === 0) return found;
      for await (const batch of loader.iterate(dataset)) {
        const [a, b, c] = weights[(loader.position + 7 * loader.pass) % weights.length]!;
        mixed.mixture.weights = { a: a!, b: b!, c: c! };
        if (found.push(textOf(batch)) === most) return found;
      }
      return found;
    };
    const whole = await begin(), wanted: string[] = [], found: string[] = [];
    for (let pass = 0; pass < 3; pass++) wanted.push(...await draw(whole));
    let now = await begin();
    for (let round = 0; now.loader.pass < 3; round++) {
      found.push(...await draw(now, stops[round]));
      const states = [await now.dataset.state(), await now.loader.state()];
      now = await begin();
      await now.dataset.loadState(states[0]!);
      await now.loader.loadState(states[1]!);
    }
    assert.deepEqual(found, wanted);
    assert.ok((await now.dataset.state()).equals(await whole.dataset.state()));
  });
  await fc.assert(law, { numRuns: 60 });
});

Deno.test("MixtureDataset: from the start again, the same again; beside it, an untracked iteration moves nothing", async () => {
  const dataset = mixture(), loader = new DataLoader({ batchSize: 7 });
  const first = await batchesOf(loader.iterate(dataset));
  loader.rewind();
  assert.deepEqual(await batchesOf(loader.iterate(dataset), 2), first.slice(0, 2));
  const before = await dataset.state();
  assert.deepEqual(await batchesOf(loader.iterate(dataset, { tracked: false })), first);
  assert.ok((await dataset.state()).equals(before));
  assert.deepEqual(await batchesOf(loader.iterate(dataset)), first.slice(2));
});

Deno.test("MixtureDataset: says what keeps it from mixing", async () => {
  const drawing = (weights: object) => batchesOf(new DataLoader({ batchSize: 4 }).iterate(mixture({ weights })));
  await assert.rejects(
    drawing({ a: 1, d: 1 }),
    /^RangeError: .*a weight of "d": no source has this name/,
  );
  await assert.rejects(
    drawing({ a: 0 }),
    /^RangeError: Cannot mix: no source has a weight above 0; set one of a, b, c/,
  );
  assert.throws(() => mixture({ weights: { a: -1 } }), /^TypeError: Cannot configure MixtureDataset: weights\.a/);
  const nan = mixture();
  nan.mixture.weights = { a: NaN };
  await assert.rejects(
    batchesOf(new DataLoader({ batchSize: 4 }).iterate(nan)),
    /the weight NaN of "a": set it to a nu/,
  );
  const wide = new ArrayDataset({ input: new NDArray("float32", [2, 3]), target: [0, 1] });
  await assert.rejects(
    MixtureDataset.configure({ datasets: { a: numbered(2), wide } }),
    /^TypeError: Cannot mix: the input is float32 \[2\] in a and float32 \[3\] in wide; make them alike/,
  );
  const ends = new IterableDataset({ source: () => [numbered(1).get(0)], classes: 1000 });
  await assert.rejects(
    MixtureDataset.configure({ datasets: { a: numbered(2), ends } }),
    /^TypeError: Cannot mix: nobody knows when source "ends" ends; say endless: true/,
  );
  await assert.rejects(MixtureDataset.configure({ datasets: { none: numbered(0) } }), /source "none" has no items/);
  assert.throws(() => new MixtureDataset({ datasets: {} }), /datasets: give a source/);
});

Deno.test("MixtureDataset: weights given as a stream are followed from the start", async () => {
  const weights$ = new BehaviorSubject<Record<string, number>>({ a: 1 });
  const dataset = mixture({ weights: weights$, count: 20 }), loader = new DataLoader({ batchSize: 5 }), found = [];
  for await (const batch of loader.iterate(dataset)) {
    found.push(new Set(numbersIn(batch).map((x) => Math.floor(x / 100))));
    weights$.next({ c: 1 });
  }
  assert.deepEqual(found, [new Set([0]), new Set([2]), new Set([2]), new Set([2])]);
  const { weights } = dataset.configuration.toJSON() as { weights: { sha256: string } };
  assert.equal(weights.sha256.length, 64, "on record is that there was one");
  assert.throws(() => mixture({ weights: [1, 2, 3] }), /weights by the sources' names, \{ a: 1, b: 3 \}, or an Observ/);
});
