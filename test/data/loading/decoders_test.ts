/** What Workers make a data set of, and what becomes of those that end. */
import assert from "node:assert/strict";
import { DataLoader, DataProvider, type Dataset, Digits, TakeDataset } from "../../../mod.ts";
import { Dying } from "../worker_datasets.ts";

const modules = [new URL("../worker_datasets.ts", import.meta.url).href];

Deno.test("Workers: a mixture of a DataProvider's that doesn't shuffle is the same there", async () => {
  const drawn = async (workers: number) => {
    const provider = await DataProvider.configure({
      datasets: { a: { Digits: { classes: [0] } }, b: { Digits: { classes: [1] } } },
      mixture: { weights: { a: 1, b: 1 }, shuffle: false },
      dataLoader: { batchSize: 8, limit: 24, workers },
    });
    return (await Array.fromAsync(provider("train"))).map(({ input }) => `${input.data}`);
  };
  assert.deepEqual(await drawn(1), await drawn(0));
});

Deno.test("Workers: what took another's place below a data set is there, too", async () => {
  const dataset = new TakeDataset({ dataset: new Digits({ classes: [0] }), count: 8 });
  dataset.dataset = new Digits({ classes: [7] }) as Dataset;
  const batches = await Array.fromAsync(new DataLoader({ batchSize: 4, workers: 1 }).iterate(dataset));
  assert.deepEqual(batches.flatMap(({ target }) => [...target.data]), Array(8).fill(7));
});

Deno.test("Workers: one that dies while nothing is asked of it is told to whoever asks next", async () => {
  const loader = new DataLoader({ batchSize: 8, workers: 1, modules, prefetch: 0 });
  const iterate = async () => {
    for await (const _ of loader.iterate(new Dying())) await new Promise((resolve) => setTimeout(resolve, 1000));
  };
  await assert.rejects(iterate(), /^Error: Cannot gather items of Dying in a Worker: .*late failure/);
});
