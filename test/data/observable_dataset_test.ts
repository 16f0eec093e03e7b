import assert from "node:assert/strict";
import { asyncScheduler, concat, from, type Observable, observeOn, of, Subject, throwError } from "rxjs";
import type { Item } from "../../src/data/batch.ts";
import { DataLoader } from "../../src/data/data_loader.ts";
import { ObservableDataset } from "../../src/data/observable_dataset.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { batchesOf } from "./numbered_items.ts";

const item = (x: number): Item => ({ input: new NDArray("float32", [1], [x]), target: x });
const items = (size: number) => from(Array.from({ length: size }, (_, i) => item(i)));

/** A live source that nobody has waited for. */
async function live(options: object = {}) {
  const source = new Subject<Item>(), dataset = new ObservableDataset({ source, classes: 99, ...options });
  const ready = dataset.prepare();
  source.next(item(0));
  await ready;
  return { source, dataset };
}

Deno.test("ObservableDataset: items come in order, a pass has as many as the limit says", async () => {
  const { source, dataset } = await live(), loader = new DataLoader({ batchSize: 2, limit: 5, prefetch: 3 });
  assert.deepEqual([dataset.access, dataset.description.target.classes], ["live", 99]);
  const first = batchesOf(loader.iterate(dataset));
  for (let i = 1; i < 8; i++) source.next(item(i));
  assert.deepEqual(await first, ["0,1", "2,3", "4"]);
  source.complete();
  assert.deepEqual(await batchesOf(loader.iterate(dataset)), ["5,6", "7"], "fewer where it completes");
  assert.deepEqual(dataset.status.warnings, []);
  await assert.rejects(batchesOf(new DataLoader().iterate(dataset)), /it has no end; give the DataLoader a limit/);
});

for (const [whenFull, kept] of [["dropOldest", "4,5,6"], ["dropNewest", "0,1,2"]] as const) {
  Deno.test(`ObservableDataset: ${whenFull} where more come than the buffer holds, and Status says so`, async () => {
    const { source, dataset } = await live({ buffer: 3, whenFull });
    for (let i = 1; i < 7; i++) source.next(item(i));
    source.complete();
    assert.deepEqual(await batchesOf(new DataLoader({ batchSize: 3, limit: 3 }).iterate(dataset)), [kept]);
    assert.match(dataset.status.warnings[0]!, new RegExp(`has dropped 1 item \\(${whenFull}\\): they come faster`));
  });
}

Deno.test("ObservableDataset: or it is an error, after what was kept", async () => {
  const { source, dataset } = await live({ buffer: 3, whenFull: "error" });
  for (let i = 1; i < 7; i++) source.next(item(i));
  const loader = new DataLoader({ batchSize: 2, limit: 9 }), found: string[] = [];
  const iterate = async () => {
    for await (const { target } of loader.iterate(dataset)) found.push(`${target.data}`);
  };
  await assert.rejects(
    iterate(),
    /^RangeError: Cannot keep the items of an Observable: 3 wait and more come; make buffer/,
  );
  assert.deepEqual(found, ["0,1", "2"]);
});

Deno.test("ObservableDataset: batches larger than the buffer wait for items as they come", async () => {
  const source = items(20).pipe(observeOn(asyncScheduler));
  const dataset = await ObservableDataset.configure({ source, buffer: 20, classes: 99 });
  assert.equal((await batchesOf(new DataLoader({ batchSize: 20, limit: 20 }).iterate(dataset))).length, 1);
});

Deno.test("ObservableDataset: going on from a checkpoint, it says that what was there can't come again", async () => {
  const { source, dataset } = await live(), loader = new DataLoader({ batchSize: 2, limit: 10 });
  await loader.loadState({ ...await loader.state(), position: 4 });
  for (let i = 1; i < 4; i++) source.next(item(i));
  source.complete();
  assert.deepEqual(await batchesOf(loader.iterate(dataset)), ["0,1", "2,3"]);
  assert.deepEqual(dataset.status.warnings.length, 1);
  assert.match(dataset.status.warnings[0]!, /it is a live source, the 4 that were used before can't be passed over/);
});

Deno.test("ObservableDataset: its source's end, error and rubbish are told", async () => {
  const make = (source: Observable<Item>) => ObservableDataset.configure({ source });
  await assert.rejects(make(of()), /^RangeError: Cannot use ObservableDataset: its source gave no item/);
  await assert.rejects(make(throwError(() => new Error("no line"))), /no line/);
  await assert.rejects(make(of(3 as unknown as Item)), /^TypeError: .*its source gave Number as item 0/);
  const failing = await make(concat(items(3), throwError(() => new Error("cut"))));
  const loader = new DataLoader({ batchSize: 2, limit: 9 });
  await assert.rejects(batchesOf(loader.iterate(failing)), /cut/);
  assert.equal(loader.position, 3);
  assert.throws(() => new ObservableDataset({ source: 3 as never }), /source: expected an Observable of items/);
  const { dataset } = await live();
  dataset.close();
  assert.deepEqual(await batchesOf(new DataLoader({ batchSize: 2, limit: 2 }).iterate(dataset)), ["0"]);
});
