/** What is assigned among the data while a run goes on, and in the provider's place, has effect from the next batch on. */
import assert from "node:assert/strict";
import { DataLoader, DataProvider, Digits, MemoryStore, type Session, Trainer } from "../../mod.ts";
import { at, experiment, open, Twice } from "../session/experiments.ts";

const digits = (classes: number[]) => new Digits({ classes });
const sizes = ({ history }: Session | Trainer) => [...history].map(({ size }) => size);
const begin = (steps: number) =>
  open(
    experiment("watched", { looper: { steps }, data: { dataLoader: { batchSize: 10, limit: 40 } } }),
    new MemoryStore(),
  );

Deno.test("a provider assigned in the middle of an epoch: the next batch is its, and the pass goes on", async () => {
  const session = await begin(9), before = session.dataProvider;
  const next = new DataProvider({ datasets: { train: digits([3]) }, dataLoader: { batchSize: 8, limit: 40 } });
  at(session, 2, () => session.dataProvider = next);
  await session.run();
  assert.deepEqual(sizes(session), [10, 10, 8, 8, 4, 8, 8, 8, 8], "20 of 40 were used");
  assert.equal(before.dataLoader.position, 20);
  const record = await session.dbInterface.runs.find("watched");
  const { data } = record!.provenance as unknown as { data: Record<string, string> };
  assert.equal(data.train, await digits([3]).digest(), "its data are on record");
  const journal = await session.journal();
  assert.deepEqual(journal.filter(({ trigger }) => trigger === "module_replaced").map(({ path }) => path), [
    "dataProvider",
  ]);
});

Deno.test("a provider assigned where an epoch ends begins with the next one, and one that is used goes on where it is", async () => {
  const session = await begin(7), next = new Twice({ datasets: { train: digits([3]) }, dataLoader: { batchSize: 30 } });
  next.dataLoader.limit = 60;
  at(session, 4, () => session.dataProvider = next, "end_of_epoch");
  await session.run();
  assert.deepEqual(sizes(session), [10, 10, 10, 10, 30, 30, 30]);
});

Deno.test("what is no provider, or has data that can't be trained on, lets the run fail and says why", async () => {
  for (
    const [found, message] of [
      [undefined, /^TypeError: Cannot go on training: where the data provider was is now undefined; assign a DataProv/],
      [
        new DataProvider({ datasets: { other: digits([1]) } }),
        /^RangeError: Cannot go on training: no data set is nam/,
      ],
    ] as const
  ) {
    const session = await begin(5);
    at(session, 2, () => session.dataProvider = found as DataProvider);
    await assert.rejects(session.run(), message);
    assert.equal(session.status.phase, "failed");
    assert.equal(session.trainer.looper.step, 2);
  }
});

Deno.test("a Trainer without a Session sees what is assigned among its data too", async () => {
  const provider = await DataProvider.configure({
    datasets: { train: digits([1]) },
    dataLoader: { batchSize: 10, limit: 40 },
  });
  const trainer = new Trainer({ looper: { steps: 8 } });
  trainer.events$.subscribe(({ trigger, payload }) => {
    if (trigger !== "end_of_training_step") return;
    if (payload.step === 1) provider.dataLoader = new DataLoader({ batchSize: 15, limit: 40 });
    if (payload.step === 4) provider.datasets.train = digits([2]);
  });
  const targets: number[] = [];
  const step = trainer.step.bind(trainer);
  trainer.step = (batch) => {
    targets.push(Number(batch.target.data[0]));
    return step(batch);
  };
  await trainer.train(provider);
  assert.deepEqual(sizes(trainer), [10, 15, 15, 15, 15, 10, 15, 15]);
  assert.deepEqual(targets, [1, 1, 1, 1, 2, 2, 2, 2]);
});
