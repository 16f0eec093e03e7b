/** Small experiments of every kind that must survive being stopped: tens of steps on a few digits, a second at most. */
import { filter, map, take } from "rxjs";
import {
  type Batch,
  Callback,
  DataProvider,
  type DBInterface,
  Digits,
  type History,
  type Item,
  MapDataset,
  type MixtureDataset,
  NDArray,
  on,
  type Random,
  register,
  type Reopening,
  Session,
  set,
  Sgd,
} from "../../mod.ts";

/** Where an experiment is kept: a store, or a folder. */
export type Place = DBInterface | string;

/** What a test takes apart: everything in it is data. */
// deno-lint-ignore no-explicit-any
export type Plain = Record<string, any>;

/** Easy classes until they are learnt, then all: which data come follows from the History. */
export class Curriculum extends DataProvider {
  override datasets = { easy: new Digits({ classes: [0, 1] }), hard: new Digits() };
  override provide(_phase: string, { history }: { history: { last(name: string): { value: number } | undefined } }) {
    const learnt = (history.last("train/loss")?.value ?? Infinity) < 0.7;
    return this.dataLoader.iterate(learnt ? this.datasets.hard : this.datasets.easy);
  }
}

/** Two passes an epoch, by an async generator, which cannot go on in its middle by itself. */
export class Twice extends DataProvider {
  override async *provide(phase: string): AsyncGenerator<Batch> {
    if (phase !== "train") return yield* super.provide(phase);
    yield* super.provide(phase);
    yield* super.provide(phase);
  }
}

/** A callback whose counter decides: if it were lost, the weights would differ. */
export class Counter extends Callback {
  seen = 0;
  end_of_training_step() {
    return ++this.seen % 7 === 0 ? set("optimizer.learningRate", 0.01 / this.seen) : undefined;
  }
}

/** Noise of each item's own in each pass. */
export class Noisy extends MapDataset {
  override transform({ input, target }: Item, random: Random): Item {
    const noisy = (input.data as Float32Array).map((x) => x + random.uniform() / 9);
    return { input: new NDArray("float32", input.shape, noisy), target };
  }
}
register(Curriculum, Twice, Counter, Noisy);

const small = { Digits: { split: "train", classes: [0, 1, 2] } };
const held = { Digits: { split: "test", classes: [0, 1, 2] } };
const dataLoader = { batchSize: 24, limit: 100 };
const mixed = {
  MixtureDataset: {
    datasets: {
      few: { ShuffleDataset: { dataset: { Digits: { classes: [0] } } } },
      all: { Noisy: { dataset: small } },
    },
  },
};
const dense = [{ dense: { units: 8, activation: "relu" } }, { dense: { units: 10 } }];

/** An experiment of a few steps; `changes` are put into its parts. */
export function experiment(
  name: string,
  { model = {}, trainer = {}, looper = { epochs: 3 }, data = {}, dataProvider, ...rest }: Plain = {},
): Plain {
  return {
    name,
    seed: 3,
    trainer: {
      model: { net: { Sequential: { layers: dense } }, optimizer: { Adam: { learningRate: 0.01 } }, ...model },
      looper,
      checkpoints: { every: { steps: 3 } },
      ...trainer,
    },
    dataProvider: dataProvider ?? { datasets: { train: small }, dataLoader, ...data },
    ...rest,
  };
}

const validated = { datasets: { train: small, validation: held } };

/** A row of the table: what is configured, and what a cell does with the Session before it runs. */
export interface Kind {
  readonly configuration: Plain;
  readonly prepare?: (session: Session) => void;
}

/** One experiment of each kind. */
export const kinds: Readonly<Record<string, Kind>> = {
  "dropout, batch normalization and Adam, a lower rate on a plateau": {
    configuration: experiment("noisy", {
      model: {
        net: { Sequential: { layers: [dense[0], { dropout: { rate: 0.3 } }, { batchNormalization: {} }, dense[1]] } },
      },
      trainer: { callbacks: [{ ReduceLROnPlateau: { monitor: "train/loss", patience: 1, minDelta: 0.1 } }] },
      looper: { epochs: 8 },
      data: validated,
    }),
  },
  "momentum with a schedule, in order, the last batch smaller": {
    configuration: experiment("momentum", {
      model: { optimizer: { Momentum: { learningRate: 0.05, schedule: { StepDecay: { steps: 7, rate: 0.5 } } } } },
      looper: { steps: 31 },
      data: { sampler: "Sampler" },
    }),
  },
  "early stopping that puts the best weights back": {
    configuration: experiment("early", {
      model: { optimizer: { Adam: { learningRate: 0.3 } } },
      trainer: {
        callbacks: ["NaNDetector", { EarlyStopping: { monitor: "validation/loss", patience: 3 } }],
      },
      looper: { epochs: 30 },
      data: validated,
    }),
  },
  "validation every few steps, the best checkpoint kept": {
    configuration: experiment("often", {
      model: { optimizer: { AdamW: { learningRate: 0.01 } }, metrics: ["Accuracy"] },
      trainer: { callbacks: [{ ModelCheckpoint: { monitor: "validation/accuracy" } }] },
      looper: { epochs: 6, validate: { steps: 4 } },
      data: { ...validated, dataLoader: { ...dataLoader, dropLast: true } },
    }),
  },
  "a curriculum that follows the History": {
    configuration: experiment("curriculum", {
      looper: { epochs: 9 },
      dataProvider: { Curriculum: { dataLoader } },
    }),
  },
  "an epoch put together by an async generator": {
    configuration: experiment("twice", {
      looper: { epochs: 4 },
      dataProvider: { Twice: { ...validated, dataLoader } },
    }),
  },
  "a callback of one's own, registered by the cell": {
    configuration: experiment("counter", { looper: { steps: 40 } }),
    prepare: (session) => void session.callbacks.register(new Counter()),
  },
  "a mixture whose weights follow the loss, with noise, fetched ahead": {
    configuration: experiment("mixture", {
      looper: { epochs: 4 },
      data: { datasets: { train: mixed, validation: held }, dataLoader: { ...dataLoader, prefetch: 2 } },
    }),
    prepare: (session) => {
      const { mixture } = session.dataProvider.datasets.train as MixtureDataset;
      const losses$ = session.statistics$.pipe(
        filter(({ phase }) => phase === "train"),
        map(({ values }) => values.loss!),
      );
      mixture.follow(losses$.pipe(map((loss) => ({ few: loss, all: 1 }))));
    },
  },
  "an optimizer replaced and a parameter assigned while it runs": {
    configuration: experiment("replaced", { looper: { steps: 36 } }),
    prepare: (session) => {
      at(session, 9, () => session.trainer.model.optimizer.learningRate = 0.003);
      at(session, 17, () => session.trainer.model.optimizer = new Sgd({ learningRate: 0.05 }) as never);
    },
  },
};

/** Does something once, after a step. */
export function at(session: Session, step: number, act: () => void, trigger = "end_of_training_step"): void {
  session.events$.pipe(on(trigger), filter((event) => event.step === step), take(1)).subscribe(act);
}

/** Configures an experiment in a store or a folder. */
export function open(configuration: Plain, place: Place, reopening?: Reopening): Promise<Session> {
  const dbInterface = typeof place === "string" ? { LowdbStore: { path: place } } : place;
  return Session.configure({ ...configuration, dbInterface } as never, reopening);
}

/** A row of the table, as a cell would run it. */
export async function begin({ configuration, prepare }: Kind, place: Place): Promise<Session> {
  const session = await open(configuration, place);
  prepare?.(session);
  return session;
}

/** All that must be the same in the end: the state's digest and every Statistic but for its time. */
export async function outcome(session: Session): Promise<{ digest: string; statistics: string }> {
  return { digest: (await session.state()).digest(), statistics: describe(session.history) };
}

const describe = (history: History): string =>
  [...history].map(({ time: _, ...rest }) => JSON.stringify(rest)).join("\n");

/** Random numbers of a seed that is printed, so that a failure can be seen again: `SEED=... deno test`. */
export function seeded(what: string): () => number {
  let seed = Number(Deno.env.get("SEED")) || 1 + Math.floor(Math.random() * 2 ** 31 - 2);
  console.log(`${what}: SEED=${seed}`);
  return () => (seed = (seed * 48271) % 0x7fffffff) / 0x7fffffff;
}
