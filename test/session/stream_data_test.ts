import assert from "node:assert/strict";
import { asyncScheduler, map, observeOn, range } from "rxjs";
import { IterableDataset, MapDataset, MemoryStore, NDArray, ObservableDataset, Session } from "../../mod.ts";
import { at, outcome } from "./experiments.ts";

Deno.test("a live source: a run that goes on says in its Status and its record that it differs", async () => {
  const store = new MemoryStore();
  const open = () => {
    const source = range(0, 400).pipe(
      observeOn(asyncScheduler),
      map((i) => ({ input: new NDArray("float32", [2], [i % 2, 1]), target: i % 2 })),
    );
    return Session.configure({
      name: "live",
      trainer: { looper: { epochs: 2 }, model: { net: { Sequential: { layers: [{ dense: { units: 2 } }] } } } },
      dataProvider: {
        datasets: { train: new ObservableDataset({ source, classes: 2, buffer: 400 }) },
        dataLoader: { batchSize: 8, limit: 64 },
      },
      dbInterface: store,
    });
  };
  const first = await open();
  at(first, 5, () => void first.stop());
  await first.run();
  assert.deepEqual([first.trainer.looper.step, first.status.warnings], [5, []]);
  const second = await open();
  await second.run();
  assert.equal(second.trainer.looper.step, 16);
  assert.match(
    second.status.warnings[0]!,
    /^dataProvider\.datasets\.train: ObservableDataset goes on with the items that/,
  );
  const noted = (await second.journal()).filter(({ trigger }) => trigger === "warning");
  assert.deepEqual(noted.map(({ path }) => path), ["dataProvider.datasets.train"]);
});

for (const endless of [false, true]) {
  Deno.test(`a generator ${endless ? "without an end" : "of a pass"}, mapped, is gone on with where it was`, async () => {
    const open = (store: MemoryStore) => {
      const dataset = new IterableDataset({
        classes: 2,
        endless,
        source: async function* ({ random, round }) {
          for (let i = 0; endless || i < 40; i++) {
            yield await Promise.resolve({
              input: new NDArray("float32", [2], [random.normal(), round]),
              target: i % 2,
            });
          }
        },
      });
      const train = new MapDataset({
        dataset,
        transform: ({ input, target }, random) => ({
          input: new NDArray("float32", [2], (input.data as Float32Array).map((x) => x + random.uniform())),
          target,
        }),
      });
      return Session.configure({
        name: "stream",
        seed: 5,
        trainer: { looper: { epochs: 4 }, model: { net: { Sequential: { layers: [{ dense: { units: 2 } }] } } } },
        dataProvider: { datasets: { train }, dataLoader: { batchSize: 6, limit: 40, prefetch: 2 } },
        dbInterface: store,
      });
    };
    const straight = await open(new MemoryStore());
    await straight.run();
    const store = new MemoryStore();
    let session = await open(store);
    for (const step of [1, 6, 7, 13, 20]) {
      at(session, step, () => void session.stop());
      await session.run();
      assert.equal(session.trainer.looper.step, step);
      session = await open(store);
    }
    await session.run();
    assert.deepEqual(await outcome(session), await outcome(straight));
    assert.deepEqual(session.status.warnings, []);
  });
}
