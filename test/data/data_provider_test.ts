import assert from "node:assert/strict";
import { ArrayDataset } from "../../src/data/array_dataset.ts";
import type { Batch } from "../../src/data/batch.ts";
import { DataLoader } from "../../src/data/data_loader.ts";
import { DataProvider } from "../../src/data/data_provider.ts";
import { Digits } from "../../src/data/digits.ts";
import { Sampler } from "../../src/data/sampler.ts";
import { Shuffled } from "../../src/data/shuffled.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { seedTree } from "../../src/module/seed.ts";

const digits = { train: { Digits: { split: "train" } }, validation: { Digits: { split: "test" } } } as const;

async function indices(batches: AsyncIterable<Batch>): Promise<number[]> {
  const found: number[] = [];
  for await (const { index } of batches) found.push(...index);
  return found;
}
const inOrder = (size: number) => Array.from({ length: size }, (_, i) => i);

/** As in acceptance 05. */
class Curriculum extends DataProvider {
  override datasets = { easy: new Digits({ split: "train", classes: [0, 1] }), hard: new Digits({ split: "train" }) };
  override provide(_phase: string, experiment: { history: { last(name: string): { value: number } | undefined } }) {
    const loss = experiment.history.last("train/loss")?.value ?? Infinity;
    return this.dataLoader.iterate(loss < 0.5 ? this.datasets.hard : this.datasets.easy);
  }
}
const after = (value: number) => ({ history: { last: () => ({ value }) } });

Deno.test("DataProvider: train is shuffled and tracked, validation is neither", async () => {
  const provider = new DataProvider({ datasets: digits, dataLoader: { batchSize: 100 } });
  const train = await indices(provider.provide("train"));
  assert.deepEqual(train, [...provider.sampler.order(1442, 0)]);
  assert.equal(provider.dataLoader.pass, 1);
  assert.deepEqual(await indices(provider("validation")), inOrder(355));
  assert.equal(provider.dataLoader.pass, 1);
  provider.rewind();
  assert.deepEqual(await indices(provider("train")), train);
});

Deno.test("DataProvider: is configured by data, and described by it", async () => {
  const provider = await DataProvider.configure({ datasets: digits, sampler: "Sampler", dataLoader: { batchSize: 7 } });
  assert.deepEqual(provider.phases, ["train", "validation"]);
  assert.deepEqual(provider.configuration.toJSON(), {
    datasets: { train: { Digits: { split: "train" } }, validation: { Digits: { split: "test" } } },
    sampler: { Sampler: {} },
    dataLoader: { batchSize: 7, dropLast: false, limit: null },
  });
  const again = new DataProvider(provider.configuration.toJSON() as never);
  assert.deepEqual(again.configuration.toJSON(), provider.configuration.toJSON());
  const paths = [...provider.modules()].map(([path]) => path);
  assert.deepEqual(paths, ["", "datasets.train", "datasets.validation", "sampler", "dataLoader"]);
  assert.throws(
    () => new DataProvider({ datasets: { train: { Digits: { splt: "all" } } } as never }),
    /^TypeError: .*datasets\.train\.Digits: unknown key "splt"; did you mean "split"\?/,
  );
});

Deno.test("DataProvider: goes on from its state in the middle of a pass", async () => {
  const make = () => new DataProvider({ datasets: digits, dataLoader: { batchSize: 100 } });
  const first = make(), second = make(), found: number[] = [];
  seedTree(first, 7);
  for await (const { index } of first("train")) {
    if (found.push(...index) === 300) break;
  }
  await second.loadState(await first.state());
  found.push(...await indices(second("train")));
  assert.deepEqual(found, [...first.sampler.order(1442, 0)]);
});

Deno.test("DataProvider: an override of datasets and provide gets the provider's sampler", async () => {
  const provider = new Curriculum();
  seedTree(provider, 5);
  const easy = await indices(provider.provide("train", after(1)));
  assert.deepEqual(easy, [...provider.sampler.order(289, 0)]);
  assert.deepEqual(await indices(provider("train", after(0.1))), [...provider.sampler.order(1442, 1)]);
  assert.deepEqual(provider.phases, ["easy", "hard"]);
  assert.equal(provider.describe().target.classes, 10, "of the first there is");
  assert.deepEqual(provider.check(), []);
});

Deno.test("DataProvider: whichever sampler and loader it has now work together", async () => {
  const provider = new Curriculum();
  provider.dataLoader = new DataLoader({ batchSize: 100 });
  assert.deepEqual(await indices(provider.provide("train", after(0))), [...provider.sampler.order(1442, 0)]);
  provider.sampler = new Sampler();
  assert.deepEqual(await indices(provider.provide("train", after(0))), inOrder(1442));
  assert.equal((await provider.state()).dataLoader.pass, 2);

  class Own extends DataProvider {
    override sampler = new Shuffled();
    override dataLoader = new DataLoader({ batchSize: 5 });
  }
  const own = new Own({ datasets: { train: { Digits: { classes: [4] } } } });
  assert.deepEqual(await indices(own.provide("train")), [...own.sampler.order(145, 0)]);
});

Deno.test("DataProvider: overrides that can't be called as a provider are not accepted", () => {
  class Wrong extends DataProvider {
    // @ts-expect-error a phase is text
    override provide(_phase: number) {
      return super.provide("train");
    }
  }
  class Wronger extends DataProvider {
    // @ts-expect-error an experiment has no weather
    override provide(phase: string, _experiment: { weather: string }) {
      return super.provide(phase);
    }
  }
  assert.ok(Wrong && Wronger);
});

Deno.test("DataProvider: makes its data sets ready", async () => {
  const path = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const provider = new DataProvider({ datasets: { train: { ArrayDataset: { path, input: "x", target: "y" } } } });
    assert.match(provider.check()[0]!, /^train: Cannot use ArrayDataset: ".*" is not read yet/);
    const x = { $ndarray: { dtype: "uint8", shape: [2], data: "AQI=" } };
    await Deno.writeTextFile(path, JSON.stringify({ x, y: x }));
    await provider.prepare();
    assert.deepEqual(provider.check(), [], "a batch size that nobody chose is cut to the data");
    provider.dataLoader.batchSize = 3;
    assert.deepEqual(provider.check(), ["batchSize is 3, but a pass over train has 2 items; make it smaller"]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("DataProvider: tells every reason why it can't be used", () => {
  assert.deepEqual(new DataProvider().check(), ["there is no data set; put one into datasets, as train"]);
  const array = (shape: number[]) =>
    new ArrayDataset({ input: new NDArray("float32", shape), target: zeros(shape[0]!) });
  const zeros = (n: number) => new Array(n).fill(0);
  const reasons = (train: number[], validation: number[], dataLoader = {}) =>
    new DataProvider({ datasets: { train: array(train), validation: array(validation) }, dataLoader }).check();
  assert.deepEqual(reasons([32, 4], [1, 4]), []);
  assert.deepEqual(reasons([0, 4], [0, 4]).length, 2);
  assert.deepEqual(reasons([9, 4], [9, 5], { batchSize: 32 }), [
    "batchSize is 32, but a pass over train has 9 items; make it smaller",
    "items of validation have input [5], those of train [4]; make them alike",
  ]);
  assert.equal(reasons([40, 4], [9, 4], { limit: 10, batchSize: 32 }).length, 1);
});

Deno.test("DataProvider: names the data sets there are", () => {
  const expected = { name: "RangeError", message: /for "vlidation": .*did you mean "validation"\?; put one into/ };
  assert.throws(() => new DataProvider({ datasets: digits }).provide("vlidation"), expected);
  assert.throws(() => new DataProvider({ datasets: digits })("constructor"), RangeError);
  assert.throws(() => new DataProvider().describe(), /^RangeError: .*for "train": .*none is known/);
});
