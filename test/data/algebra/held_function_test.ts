/** What was given in code stays what it is in every copy of a configuration, however alike others look. */
import assert from "node:assert/strict";
import { from, type Observable } from "rxjs";
import {
  type DataProvider,
  Digits,
  type Item,
  IterableDataset,
  MapDataset,
  MemoryStore,
  NDArray,
  ObservableDataset,
  Session,
  SplitDataset,
} from "../../../mod.ts";

const items = (count: number, first: number): Item[] =>
  Array.from({ length: count }, (_, i) => ({ input: new NDArray("float32", [1], [first + i]), target: i % 2 }));
const firstOf = ({ datasets }: DataProvider) => Object.values(datasets).map((dataset) => dataset.get(0).input.data[0]);

Deno.test("two iterables of one kind: a run that is extended goes on with each where it was", async () => {
  const net = { Sequential: { layers: [{ dense: { units: 2 } }] } };
  const session = await Session.configure({
    name: "held",
    trainer: { model: { net }, looper: { steps: 2 } },
    dataProvider: {
      datasets: {
        train: new IterableDataset({ source: new Set(items(20, 0)), classes: 2 }),
        validation: new IterableDataset({ source: new Set(items(6, 1000)), classes: 2 }),
      },
      dataLoader: { batchSize: 4, limit: 20 },
    },
    dbInterface: new MemoryStore(),
  });
  await session.run();
  const longer = await session.extend({ steps: 4 });
  assert.deepEqual(firstOf(longer.dataProvider), [0, 1000]);
  assert.equal((await longer.run()).last("train/loss")!.step, 4);
});

Deno.test("two functions of one text: the parts of a split have the one that they were made with", () => {
  const scaled = (factor: number) =>
    new MapDataset({
      dataset: new Digits(),
      transform: ({ target }) => ({ input: new NDArray("float32", [1], [factor]), target }),
    });
  const [one] = [scaled(1), scaled(2)], { train, test } = SplitDataset.of(one!);
  assert.deepEqual([train(0).input.data[0], test(0).input.data[0]], [1, 1]);
});

Deno.test("a copy by way of JSON is made of what it stands for, or refused where that can't be told", () => {
  const again = (dataset: IterableDataset | ObservableDataset) =>
    new (dataset.constructor as typeof IterableDataset)(JSON.parse(JSON.stringify(dataset.configuration.toJSON())));
  const lists = [0, 100].map((first) => new IterableDataset({ source: items(3, first) }));
  assert.deepEqual(again(lists[0]!).configuration.toJSON(), lists[0]!.configuration.toJSON());
  assert.notDeepEqual(
    lists[0]!.configuration.toJSON(),
    lists[1]!.configuration.toJSON(),
    "lists are told by what they hold",
  );
  const observables = [0, 100].map((first): Observable<Item> => from(items(3, first)));
  const live = observables.map((source) => new ObservableDataset({ source }));
  assert.throws(() => again(live[0]!), /was given in code and is not in the configuration; give it again/);
});
