/** Batches that are fetched ahead, or in Workers: the same ones, in the same order, to the bit. */
import assert from "node:assert/strict";
import { ArrayDataset } from "../../src/data/array_dataset.ts";
import type { Batch } from "../../src/data/batch.ts";
import { DataLoader } from "../../src/data/data_loader.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { Digits } from "../../src/data/digits.ts";
import { MapDataset } from "../../src/data/algebra/map_dataset.ts";
import { MixtureDataset } from "../../src/data/algebra/mixture_dataset.ts";
import { ShuffleDataset } from "../../src/data/algebra/shuffle_dataset.ts";
import { Shuffled } from "../../src/data/shuffled.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { seedTree } from "../../src/module/seed.ts";
import { TakeDataset } from "../../src/data/algebra/take_dataset.ts";
import { numbered } from "./numbered_items.ts";
import { Failing, Noisy, Ragged } from "./worker_datasets.ts";

const modules = [new URL("worker_datasets.ts", import.meta.url).href];

const noisy = () =>
  new Noisy({ dataset: new ShuffleDataset({ dataset: new Digits({ split: "test", classes: [0, 1, 2] }) }) });

/** All batches of a pass, and of an untracked one after it. */
async function drawn(make: () => Dataset, options: object, untracked = false): Promise<string[]> {
  const dataset = make(), sampler = new Shuffled();
  seedTree(dataset, 7, "data");
  await dataset.prepare();
  const loader = new DataLoader({ batchSize: 16, modules, ...options }), found: string[] = [];
  for await (const batch of loader.iterate(dataset, { sampler })) found.push(textOf(batch));
  if (!untracked) return found;
  for await (const batch of loader.iterate(dataset, { tracked: false })) found.push(textOf(batch));
  return found;
}

const textOf = ({ input, target, index, size }: Batch): string =>
  `${size} ${input.dtype} [${input.shape}] ${input.data} | ${target.dtype} [${target.shape}] ${target.data} | ${index}`;

const mixed = () =>
  new MixtureDataset({
    datasets: { noisy: noisy(), digits: new Digits({ split: "test", classes: [3] }) },
    weights: { noisy: 2, digits: 1 },
  });

for (
  const [name, make, options] of [
    ["a shuffled set with noise", noisy, {}],
    ["a mixture", mixed, { dropLast: true, limit: 90 }],
    ["items of different shapes", () => new Ragged(), { pad: -1 }],
  ] as const
) {
  Deno.test(`Workers: 0, 1 and 3 of them give the same batches of ${name}`, async () => {
    const wanted = await drawn(make, options, true), tracked = await drawn(make, options);
    assert.ok(tracked.length >= 2 && wanted.length > tracked.length);
    assert.deepEqual(await drawn(make, { ...options, workers: 1 }, true), wanted);
    assert.deepEqual(await drawn(make, { ...options, workers: 3 }), tracked);
    assert.deepEqual(await drawn(make, { ...options, workers: 1, prefetch: 0 }), tracked, "one after another");
    assert.deepEqual(await drawn(make, { ...options, prefetch: 5 }, true), wanted, "prefetch");
  });
}

Deno.test("Workers: what fails there is told as here, when its batch is due, and moves nothing", async () => {
  for (const workers of [0, 2]) {
    const loader = new DataLoader({ batchSize: 8, workers, modules });
    const found: number[] = [];
    const iterate = async () => {
      for await (const { index } of loader.iterate(new Failing())) found.push(index[0]!);
    };
    await assert.rejects(iterate(), { name: "RangeError", message: "Cannot decode item 37: it is broken; mend it" });
    assert.deepEqual(found, [0, 8, 16, 24]);
    assert.deepEqual([loader.pass, loader.position], [0, 32]);
  }
});

Deno.test("Workers: data, functions and classes that can't be sent are told, with what helps", async () => {
  const failure = async (dataset: Dataset, options = {}) => {
    const loader = new DataLoader({ batchSize: 2, workers: 1, ...options });
    return await Array.fromAsync(loader.iterate(dataset)).then(() => "", (error) => `${error.name}: ${error.message}`);
  };
  assert.match(
    await failure(numbered(4)),
    /^TypeError: Cannot build ArrayDataset again in a Worker: .* was given in code .*; data and functions .* name files/s,
  );
  const mapped = new MapDataset({ dataset: new Digits(), transform: (item) => item });
  assert.match(await failure(mapped), /the function "transform" of sha256 .* was given in code/s);
  class Unknown extends ArrayDataset {}
  assert.match(
    await failure(new Unknown({ input: [[1], [2]], target: [0, 1] })),
    /Cannot build Unknown again in a Worker: unknown class "Unknown"; .*name in "modules" the file that registers .* \(now none\)/,
  );
  assert.match(await failure(new Failing(), { modules: ["no/such.ts"] }), /Cannot build Failing again .*no\/such\.ts/);
});

Deno.test("Workers: they end with the iteration, however it ends", async () => {
  const loader = new DataLoader({ batchSize: 8, workers: 2, modules });
  for await (const _ of loader.iterate(noisy())) break;
  const older = loader.iterate(noisy())[Symbol.asyncIterator]();
  await older.next();
  for await (const _ of loader.iterate(noisy()));
  await assert.rejects(older.next(), /a newer one has taken its place/);
  // What is left open is found by the test runner: it counts what a test leaves behind.
});

/** A data set that answers later, and tells how many batches were asked for and are not there yet. */
class Late extends TakeDataset {
  #open = 0;
  #most = 0;
  asked(): { open: number; most: number } {
    return { open: this.#open, most: this.#most };
  }
  override gather(indices: ArrayLike<number>): Promise<Batch> {
    this.#most = Math.max(this.#most, ++this.#open);
    const batch = super.gather(indices);
    return new Promise((resolve) => setTimeout(() => (this.#open--, resolve(batch)), 1));
  }
}

const late = () => new Late({ dataset: numbered(40) });

Deno.test("prefetch: fetches so many ahead and no more, and hands out the same", async () => {
  for (const prefetch of [0, 1, 4]) {
    const dataset = late(), loader = new DataLoader({ batchSize: 5, prefetch }), found: string[] = [];
    for await (const { index } of loader.iterate(dataset)) {
      found.push(`${index}`);
      assert.equal(loader.position, found.length * 5, "only what was handed out counts");
    }
    assert.equal(found.join(), [...Array(40).keys()].join());
    assert.equal(dataset.asked().most, prefetch + 1);
  }
});

Deno.test("prefetch: a batch size assigned meanwhile, a state loaded meanwhile, hold from the next batch on", async () => {
  const loader = new DataLoader({ batchSize: 5, prefetch: 3 }), found: string[] = [];
  for await (const { index } of loader.iterate(late())) {
    found.push(`${index}`);
    if (found.length === 2) loader.batchSize = 9;
    if (found.length === 3) await loader.loadState({ ...await loader.state(), position: 2, batchSize: 20 });
  }
  assert.deepEqual(found.map((text) => text.split(",").length), [5, 5, 9, 20, 18]);
  assert.deepEqual(found.map((text) => Number(text.split(",")[0])), [0, 5, 10, 2, 22]);
});

Deno.test("pad: items of different shapes are filled up to the largest of their batch", async () => {
  const batches = async (pad: boolean | number, dataset: Dataset = new Ragged()) =>
    await Array.fromAsync(new DataLoader({ batchSize: 4, pad, limit: 8 }).iterate(dataset));
  const [first, second] = await batches(true);
  assert.deepEqual(first!.input.shape, [4, 4, 2]);
  assert.deepEqual(second!.input.shape, [4, 5, 2]);
  assert.deepEqual([...first!.input.data].slice(0, 16), [0, 1, 0, 0, 0, 0, 0, 0, 100, 101, 102, 103, 0, 0, 0, 0]);
  assert.deepEqual([...(await batches(-7))[0]!.input.data].slice(0, 4), [0, 1, -7, -7]);
  assert.deepEqual(await batches(true, numbered(9)), await batches(false, numbered(9)), "equal ones stay as they are");
  await assert.rejects(batches(false), /^TypeError: Cannot stack the input of item 1 of Ragged/);
  class Mixed extends Ragged {
    override get(i: number) {
      return i < 2 ? super.get(i) : { input: new NDArray("int32", [3], [1, 2, 3]), target: i };
    }
  }
  await assert.rejects(
    batches(true, new Mixed()),
    /^TypeError: Cannot pad the input of item 2 of Mixed: found shape \[3\]/,
  );
});
