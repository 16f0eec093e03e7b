/** The law of resume on data that are put together at random, and on data that are changed while a run goes on. */
import assert from "node:assert/strict";
import { filter, take } from "rxjs";
import {
  ArrayDataset,
  CacheDataset,
  ConcatenateDataset,
  DataLoader,
  DataProvider,
  type Dataset,
  Digits,
  FileDataset,
  IterableDataset,
  ListDataset,
  MemoryStore,
  MixtureDataset,
  NDArray,
  on,
  RepeatDataset,
  ResampleDataset,
  Sampler,
  type Session,
  ShuffleDataset,
  SplitDataset,
  SubsetDataset,
  TakeDataset,
  ZipDataset,
} from "../../mod.ts";
import { at, experiment, Noisy, open, outcome, type Plain, seeded, Twice } from "./experiments.ts";

const item = (i: number) => ({ input: new NDArray("float32", [2], [Math.sin(i), i % 5]), target: i % 3 });
const size = 31, all = Array.from({ length: size }, (_, i) => item(i));
const input = new NDArray("float32", [size, 2], all.flatMap(({ input }) => [...input.data as Float32Array]));
const array = () => new ArrayDataset({ input, target: all.map(({ target }) => target), classes: 3 });
const later = () =>
  new ListDataset({ list: [...all.keys()], load: async (i) => await Promise.resolve(item(Number(i) + 50)) });
const stream = () =>
  new IterableDataset({
    classes: 3,
    endless: true,
    source: function* ({ random }) {
      for (let i = 0;; i++) yield { ...item(i), input: new NDArray("float32", [2], [random.normal(), i % 5]) };
    },
  });

type Random = () => number;
const whole = (random: Random, most: number) => 1 + Math.floor(random() * most);

/** What a data set is made of one or two others by. */
const steps: readonly ((one: Dataset, other: Dataset, n: number) => Dataset)[] = [
  (dataset) => new Noisy({ dataset }),
  (dataset) => new ShuffleDataset({ dataset }),
  (dataset, _, n) => new ResampleDataset({ dataset, count: 10 + n }),
  (dataset, _, n) => new CacheDataset({ dataset, bytes: n * 24 }),
  (dataset, _, n) => new RepeatDataset({ dataset, count: 1 + n % 3 }),
  (dataset, _, n) => new TakeDataset({ dataset, count: 10 + n, skip: n % 2 }),
  (dataset, _, n) => new SubsetDataset({ dataset, indices: Array.from({ length: 12 }, (_, i) => i * n % 10) }),
  (one, other) => new ConcatenateDataset({ datasets: [one, other] }),
  (one, other) => new ZipDataset({ datasets: [one, other] }),
  (one, other, n) => new MixtureDataset({ datasets: { one, other }, weights: { one: n, other: 3 } }),
];

/** A data set drawn at random, that draws the same when it is made again. */
function drawn(random: Random, depth: number): () => Dataset {
  if (depth === 0) {
    const leaf = [array, later, () => new SplitDataset({ dataset: later(), part: "train" })][whole(random, 3) - 1]!;
    return leaf;
  }
  const step = steps[whole(random, steps.length) - 1]!, n = whole(random, 9);
  const one = drawn(random, depth - 1), other = drawn(random, depth - 1);
  return () => step(one(), other(), n);
}

const change = (session: Session, act: Change) => () => act(session.dataProvider, session);
type Change = (provider: DataProvider, session: Session) => void;

/** What somebody assigns while it trains: at a step, and two steps after each. */
const changes: Readonly<Record<string, Change | readonly Change[]>> = {
  nothing: [],
  "the batch size": ({ dataLoader }) => dataLoader.batchSize = 3,
  "the limit": ({ dataLoader }) => dataLoader.limit = 26,
  "dropLast": ({ dataLoader }) => dataLoader.dropLast = true,
  "the sampler": (provider) => provider.sampler = new Sampler(),
  "the loader": (provider) => provider.dataLoader = new DataLoader({ batchSize: 4, limit: 30 }),
  "the data": ({ datasets }) => datasets.train = new Noisy({ dataset: new CacheDataset({ dataset: array() }) }),
  "the provider": (_, session) => session.dataProvider = other(),
  "the provider, by one that can't go on in its middle": (_, session) =>
    session.dataProvider = new Twice({ datasets: { train: array() }, dataLoader: { batchSize: 4, limit: 12 } }),
  "the data, then the provider, then its data": [
    ({ datasets }) => datasets.train = new Noisy({ dataset: array() }),
    (_, session) => session.dataProvider = other(),
    ({ datasets }) => datasets.train = array(),
  ],
  "a data set more": ({ datasets }) => datasets.validation = array(),
  "a data set more, then another in its place, then none": [
    ({ datasets }) => datasets.validation = array(),
    ({ datasets }) => datasets.validation = new CacheDataset({ dataset: array() }),
    ({ datasets }) => delete datasets.validation,
  ],
  "the data, then the provider twice": [
    ({ datasets }) => datasets.train = new CacheDataset({ dataset: array() }),
    (_, session) => session.dataProvider = new DataProvider({ datasets: { train: new Noisy({ dataset: array() }) } }),
    (_, session) => session.dataProvider = other(),
  ],
};
const other = () =>
  new DataProvider({
    datasets: { train: new Noisy({ dataset: array() }) },
    dataLoader: { batchSize: 5, limit: 27 },
    sampler: "Sampler",
  });

async function checkLaw(what: string, make: () => Dataset, changing: string, random: Random): Promise<void> {
  const configuration: Plain = experiment("law", {
    model: {
      net: { Sequential: { layers: [{ dense: { units: 3 } }] } },
      criterion: "SparseCategoricalCrossentropy",
      metrics: ["Accuracy"],
    },
    looper: { steps: 20 },
  });
  const dataLoader = { batchSize: whole(random, 9), limit: 20 + whole(random, 15), prefetch: whole(random, 3) - 1 };
  const moment = whole(random, 12);
  const begin = async (store: MemoryStore) => {
    const dataProvider = { datasets: { train: make() }, dataLoader };
    const session = await open({ ...configuration, dataProvider }, store);
    [changes[changing]!].flat().forEach((act, i) => at(session, moment + 2 * i, change(session, act)));
    return session;
  };
  const straight = await begin(new MemoryStore());
  await straight.run();
  const wanted = await outcome(straight), store = new MemoryStore(), stops: string[] = [];
  for (;;) {
    const session = await begin(store), known = session.trainer.looper.step;
    const trigger = ["end_of_training_step", "start_of_epoch", "end_of_epoch"][whole(random, 3) - 1]!;
    const from = known + whole(random, 8);
    stops.push(`${trigger} ${from}`);
    session.events$.pipe(on(trigger), filter(({ step }) => step >= from), take(1)).subscribe(() => void session.stop());
    await session.run();
    if (session.status.phase !== "completed") continue;
    const message = `${what}; ${changing} changed after step ${moment}; stopped at ${stops}`;
    assert.deepEqual(await outcome(session), wanted, message);
    assert.deepEqual(session.status.warnings.filter((warning) => /data set/.test(warning)), [], message);
    return;
  }
}

Deno.test("data put together at random: stopped anywhere, a run ends the same", async () => {
  const random = seeded("data at random");
  for (let round = 0; round < 12; round++) {
    const make = round % 4 === 3 ? () => new Noisy({ dataset: stream() }) : drawn(random, round % 3 + 1);
    await checkLaw(`${make().configuration.toJSON() && make()}`, make, "nothing", random);
  }
});

for (const name of Object.keys(changes).slice(1)) {
  Deno.test(`changed while a run goes on, ${name}: stopped anywhere it ends the same`, async () => {
    const random = seeded(name);
    for (const make of [array, () => new Noisy({ dataset: new ShuffleDataset({ dataset: array() }) }), stream]) {
      await checkLaw(`${make()}`, make, name, random);
    }
  });
}

Deno.test("data that took another's place are made ready by themselves, are on record, and are there when it goes on", async () => {
  const path = await Deno.makeTempFile({ suffix: ".json" }), store = new MemoryStore();
  const { input, target } = await new Digits({ classes: [3, 4] }).gather([...Array(40).keys()]);
  const rows = Array.from(
    { length: 40 },
    (_, i) => ({ x: [...input.data.slice(64 * i, 64 * i + 64)], y: target.data[i] }),
  );
  await Deno.writeTextFile(path, JSON.stringify(rows));
  try {
    const begin = async () => {
      const session = await open(experiment("swapped", { looper: { steps: 12 } }), store);
      const data = new FileDataset({ path, input: "x", target: "y", shape: [8, 8, 1] });
      at(session, 3, () => session.dataProvider.datasets.train = data);
      return session;
    };
    const session = await begin();
    at(session, 5, () => void session.stop());
    await session.run();
    const record = await store.runs.find("swapped") as unknown as Plain;
    assert.equal(record.provenance.data.train, await session.dataProvider.datasets.train!.digest());
    const again = await begin();
    assert.equal(again.dataProvider.datasets.train!.size, 40, "ready");
    assert.deepEqual(again.status.warnings.filter((warning) => /data set/.test(warning)), []);
    await again.run();
    assert.equal(again.trainer.looper.step, 12);
  } finally {
    await Deno.remove(path);
  }
});
