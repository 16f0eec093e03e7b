/** What a data set holds open ends with the run; what it keeps has a bound; what it is made of may be a cut stream. */
import assert from "node:assert/strict";
import { BehaviorSubject } from "rxjs";
import {
  DataLoader,
  IterableDataset,
  MapDataset,
  MemoryStore,
  MixtureDataset,
  NDArray,
  Random,
  RepeatDataset,
  ShuffleDataset,
  TakeDataset,
  Trainer,
} from "../../mod.ts";
import { at, experiment, open } from "../session/experiments.ts";
import { FixedDraws } from "../../src/data/algebra/fixed_draws.ts";
import { numbered } from "./numbered_items.ts";

const item = (i: number) => ({ input: new NDArray("float32", [2], [i, -i]), target: i % 3 });

/** A stream that says how often it was begun, and ended. */
function counted(): { dataset: IterableDataset; open: () => number; begun: () => number } {
  let begun = 0, ended = 0;
  const dataset = new IterableDataset({
    endless: true,
    classes: 3,
    source: async function* () {
      begun++;
      try {
        for (let i = 0;; i++) yield await Promise.resolve(item(i));
      } finally {
        ended++;
      }
    },
  });
  return { dataset, open: () => begun - ended, begun: () => begun };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));
const net = { net: { Sequential: { layers: [{ dense: { units: 3 } }] } } };

Deno.test("a source is ended, and weights are followed no longer, when a run is completed, not when it is stopped", async () => {
  const { dataset: train, open: isOpen, begun } = counted();
  const weights = new BehaviorSubject({ a: 1, b: 1 });
  const validation = new MixtureDataset({
    datasets: { a: counted().dataset, b: counted().dataset },
    weights,
    count: 8,
  });
  const dataProvider = { datasets: { train, validation }, dataLoader: { batchSize: 4, limit: 12, prefetch: 2 } };
  const session = await open(experiment("open", { model: net, looper: { steps: 8 }, dataProvider }), new MemoryStore());
  assert.ok(weights.observed);
  at(session, 4, () => void session.stop());
  await session.run();
  await settled();
  assert.deepEqual([isOpen(), begun(), weights.observed], [1, 1, true], "it goes on where it is");
  await session.run();
  await settled();
  assert.deepEqual([isOpen(), weights.observed], [0, false]);
});

Deno.test("a Trainer alone ends the source too, and one whose end fails harms nothing", async () => {
  const { dataset, open: isOpen } = counted();
  const train = new MapDataset({ dataset: new TakeDataset({ dataset, count: 10 }), transform: (one) => one });
  await (await Trainer.configure({ model: net, looper: { steps: 3 } } as never)).train(train);
  await settled();
  assert.equal(isOpen(), 0);
  const failing = new IterableDataset({
    classes: 3,
    source: function* () {
      try {
        for (let i = 0; i < 500; i++) yield item(i);
      } finally {
        // deno-lint-ignore no-unsafe-finally -- what is tested
        throw new Error("no end");
      }
    },
  });
  await (await Trainer.configure({ model: net, looper: { steps: 3 } } as never)).train(failing);
  await settled();
  assert.deepEqual(failing.status.warnings, ["its source failed when it was ended: no end"]);
});

Deno.test("a stream that is cut is a source of a mixture, begun again when it is through", async () => {
  const dataset = await MixtureDataset.configure({
    datasets: {
      cut: new TakeDataset({ dataset: counted().dataset, count: 3 }),
      all: new IterableDataset({
        endless: true,
        classes: 3,
        source: () => Array.from({ length: 5 }, (_, i) => item(i + 10)),
      }),
    },
    weights: { cut: 3, all: 1 },
    count: 32,
  });
  const found: number[] = [];
  for await (const { input } of new DataLoader({ batchSize: 5 }).iterate(dataset)) {
    found.push(...Array.from(input.data as Float32Array).filter((_, i) => i % 2 === 0));
  }
  const cut = found.filter((x) => x < 10);
  assert.equal(found.length, 32);
  assert.ok(cut.length > 12);
  assert.deepEqual(cut, cut.map((_, i) => i % 3));
});

Deno.test("a mixture below another data set gives the same for any item of any pass, in whatever order one asks", async () => {
  const make = () =>
    new MixtureDataset({ datasets: { a: numbered(3), b: numbered(4, 100) }, weights: { a: 1, b: 2 }, count: 3000 });
  const first = make(), again = make();
  const look = async (dataset: MixtureDataset, pass: number, indices: number[]) =>
    Array.from((await dataset.gather(indices, pass)).input.data as Float32Array);
  const forward = [];
  for (let pass = 0; pass < 6; pass++) forward.push(await look(first, pass, [0, 1500, 2999]));
  for (let pass = 5; pass >= 0; pass--) {
    assert.deepEqual(await look(again, pass, [0, 1500, 2999]), forward[pass]);
    assert.deepEqual(await look(first, pass, [2999, 0]), [...forward[pass]!.slice(-2), ...forward[pass]!.slice(0, 2)]);
  }
});

Deno.test("fixed draws: what was asked for long ago is drawn again, from where its block begins", () => {
  const asked: number[] = [];
  const draw = ({ draws }: { draws: number }, count: number) => {
    asked.push(draws);
    const indices = Array.from({ length: count }, (_, i) => draws + i);
    return { indices, pass: 0, end: { draws: draws + count, taken: {} } };
  };
  const draws = new FixedDraws(draw, 4096);
  for (let n = 0; n < 10 * 4096; n += 100) assert.equal(draws.at(n), n);
  assert.deepEqual(asked.splice(0), Array.from({ length: 10 }, (_, i) => i * 4096));
  assert.equal(draws.at(9 * 4096 + 5), 9 * 4096 + 5);
  assert.deepEqual(asked, [], "the latest are kept");
  assert.equal(draws.at(4097), 4097);
  assert.deepEqual(asked, [4096], "the first are not");
});

Deno.test("passes of a shuffled data set that are gone through side by side are put in order once each", async () => {
  const shuffled = new ShuffleDataset({ dataset: numbered(40) }), made: number[] = [];
  const { permutation } = Random.prototype;
  Random.prototype.permutation = function (size: number) {
    made.push(size);
    return permutation.call(this, size);
  };
  try {
    const repeated = await RepeatDataset.configure({ dataset: shuffled, count: 5 });
    for (let i = 0; i < 40; i++) await repeated.gather([i, i + 40, i + 80, i + 120, i + 160]);
  } finally {
    Random.prototype.permutation = permutation;
  }
  assert.deepEqual(made, [40, 40, 40, 40, 40]);
});
