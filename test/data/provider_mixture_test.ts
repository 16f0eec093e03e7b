/** A DataProvider that mixes its data sets, and changes the mixture as the experiment goes. */
import assert from "node:assert/strict";
import type { Batch } from "../../src/data/batch.ts";
import { DataProvider } from "../../src/data/data_provider.ts";
import { Mixture } from "../../src/data/algebra/mixture.ts";
import { replay } from "../../src/loop/replay.ts";
import { seedTree } from "../../src/module/seed.ts";
import { batchesOf } from "./numbered_items.ts";

const easy = { Digits: { classes: [0, 1] } }, hard = { Digits: { classes: [5, 6, 7] } };
const validation = { Digits: { split: "test" } };
const options = {
  datasets: { easy, hard, validation },
  mixture: {
    weights: { easy: 1 },
    then: [
      { epoch: 2, weights: { easy: 1, hard: 1 } },
      { series: "train/loss", below: 0.1, weights: { hard: 1 } },
      { step: 1000, weights: { easy: 1 } },
    ],
  },
  dataLoader: { batchSize: 20, limit: 60 },
} as const;

const at = (epoch: number, loss?: number, step = 0) => ({
  epoch,
  step,
  history: { last: (name: string) => name === "train/loss" && loss !== undefined ? { value: loss } : undefined },
});

/** The classes that come in a pass. */
async function classes(provider: DataProvider, ...moment: Parameters<typeof at>): Promise<string> {
  const found = new Set<number>();
  for await (const { target } of provider("train", at(...moment))) for (const x of target.data) found.add(Number(x));
  return [...found].sort().join();
}

Deno.test("DataProvider: a mixture changes by epoch, by step, and by what a series says", async () => {
  const provider = new DataProvider(options);
  assert.deepEqual(provider.check(), []);
  await provider.prepare();
  assert.equal(await classes(provider, 1), "0,1");
  assert.deepEqual(provider.mixture!.weights, { easy: 1 });
  assert.equal(await classes(provider, 2), "0,1,5,6,7");
  assert.equal(await classes(provider, 2, 0.05), "5,6,7");
  assert.equal(await classes(provider, 3, 0.5), "0,1,5,6,7");
  assert.equal(await classes(provider, 9, 0.5, 999), "0,1", "from the thousandth step on");
  assert.equal(provider.dataLoader.pass, 5);
  assert.equal((await batchesOf(provider.provide("validation"))).length, 18);
  assert.deepEqual(provider.phases, ["easy", "hard", "validation"]);
  assert.deepEqual([...provider.modules()].map(([path]) => path).slice(-2), ["dataLoader", "mixture"]);
});

Deno.test("DataProvider: without changes of its own, weights are what was assigned", async () => {
  const provider = new DataProvider({ ...options, mixture: { weights: { easy: 1, hard: 0 } } });
  assert.equal(await classes(provider, 1), "0,1");
  provider.mixture!.weights = { hard: 1 };
  assert.equal(await classes(provider, 2), "5,6,7");
});

Deno.test("DataProvider: a mixture goes on in the middle of a pass, to the item", async () => {
  const make = () => {
    const provider = new DataProvider({ ...options, dataLoader: { batchSize: 7, limit: 60, prefetch: 2 } });
    seedTree(provider, 5);
    return provider;
  };
  const indices = async (provider: DataProvider, epoch: number, most = Infinity) => {
    const found: string[] = [];
    for await (const { index } of provider("train", at(epoch))) if (found.push(`${index}`) === most) break;
    return found;
  };
  const whole = make(), wanted = [...await indices(whole, 1), ...await indices(whole, 2), ...await indices(whole, 3)];
  for (const stop of [1, 4, 8]) {
    const first = make(), second = make();
    const found = [...await indices(first, 1), ...await indices(first, 2, stop)];
    await second.loadState(await first.state());
    found.push(...await indices(second, 2), ...await indices(second, 3));
    assert.deepEqual(found, wanted, `stopped after ${stop}`);
    assert.ok((await second.state()).equals(await whole.state()));
  }
  whole.rewind();
  assert.deepEqual(await indices(whole, 1), wanted.slice(0, 9), "from the start again");
});

Deno.test("DataProvider: an epoch of two passes over a mixture is gone through again to the batch where it was", async () => {
  class Twice extends DataProvider {
    override async *provide(phase: string): AsyncGenerator<Batch> {
      yield* super.provide(phase);
      yield* super.provide(phase);
    }
  }
  const make = () => {
    const provider = new Twice({ ...options, mixture: { weights: { easy: 1, hard: 2 } } });
    seedTree(provider, 5);
    return provider;
  };
  const epoch = async (provider: Twice, pass: number, used = 0, most = Infinity) => {
    const found: string[] = [], rewind = () => provider.rewind(pass);
    if (used === 0) rewind();
    const batches = provider.provide("train");
    for await (const { index } of used === 0 ? batches : replay(batches, used, rewind)) {
      if (found.push(`${index}`) === most) break;
    }
    return found;
  };
  const whole = make(), wanted = [...await epoch(whole, 0), ...await epoch(whole, 1), ...await epoch(whole, 2)];
  for (let stop = 1; stop < 6; stop++) {
    const first = make(), second = make();
    const found = [...await epoch(first, 0), ...await epoch(first, 1, 0, stop)];
    await second.loadState(await first.state());
    found.push(...await epoch(second, 1, stop), ...await epoch(second, 2));
    assert.deepEqual(found, wanted, `stopped after ${stop}`);
  }
});

Deno.test("DataProvider: the state without a mixture is what it was", async () => {
  const state = await new DataProvider({ datasets: { train: "Digits" } }).state();
  assert.deepEqual(Object.keys(state), ["datasets", "sampler", "dataLoader"]);
  assert.deepEqual(Object.keys(state.dataLoader), ["batchSize", "dropLast", "limit", "pass", "position"]);
});

Deno.test("DataProvider: says what keeps it from mixing", () => {
  const reasons = (mixture: object) => new DataProvider({ ...options, mixture: mixture as never }).check();
  assert.deepEqual(reasons({ weights: { esay: 1 } }), [
    'the mixture has a weight for "esay", and no data set has this name; did you mean "easy"?',
  ]);
  assert.deepEqual(reasons({ weights: { easy: 1 }, then: [{ epoch: 3, weights: { hrad: 1 } }] }).length, 1);
  const wrong: [object, RegExp][] = [
    [
      { weights: { easy: 1 }, then: [{ weights: { hard: 1 } }] },
      /then\.0: say when these weights hold by one of: epoch/,
    ],
    [{ weights: { easy: 1 }, then: [{ epoch: 1, step: 2, weights: {} }] }, /say when these weights hold by one of/],
    [{ weights: { easy: 1 }, then: [{ series: "train/loss", weights: {} }] }, /series with below or above/],
    [{ weight: {} }, /mixture: unknown key "weight"; did you mean "weights"\?/],
  ];
  for (const [mixture, message] of wrong) assert.throws(() => reasons(mixture), message);
  assert.throws(() => new Mixture({ weights: { a: -1 } }), /weights\.a/);
});
