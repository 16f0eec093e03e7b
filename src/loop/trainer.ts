import { z } from "zod";
import type { Batch } from "../data/batch.ts";
import { DataProvider } from "../data/data_provider.ts";
import { Dataset } from "../data/dataset.ts";
import type { Action } from "../module/action.ts";
import { Callback } from "../module/callback.ts";
import type { History } from "../module/history.ts";
import { isModule, Module } from "../module/module.ts";
import { register } from "../module/registry.ts";
import { watch } from "../module/place.ts";
import { slot } from "../module/slot.ts";
import { stateToValue, valueToState } from "../module/state.ts";
import { tellChanges } from "./tell_changes.ts";
import { setParameter } from "../module/set_parameter.ts";
import { suggest } from "../module/text.ts";
import { Tracker } from "../module/tracker.ts";
import type { Value } from "../module/value.ts";
import { Model } from "../model/model.ts";
import { callbacks } from "../callback/callbacks.ts";
import { type CheckpointOptions, checkpointsSchema } from "./checkpoint_options.ts";
import { onInterrupt, survivesInterrupts } from "./interrupt.ts";
import { DataWatch } from "./data_watch.ts";
import { Looper, type Step } from "./looper.ts";
import type { Ending, Values, Work } from "./work.ts";

const schema = z.strictObject({
  model: slot(Model, undefined, Model).prefault({}),
  looper: slot(Looper, undefined, Looper).prefault({}),
  callbacks: z.array(slot(Callback, callbacks)).default([]),
  /** When a Session saves, and what it keeps. */
  checkpoints: checkpointsSchema.prefault({}),
});

const interrupted: Ending = { kind: "interrupt", reason: "SIGINT" };

/** What a Trainer can be given to train on. */
export type TrainingData = DataProvider | Dataset | Readonly<Record<string, Dataset>>;

/** A part of the tree that can be looked through for assignments, and what is known of the run. */
export interface Surroundings {
  /** Called before each step. */
  boundary(): void;
  history(): History;
  /** Whether somebody wants it to end, and why. */
  ending?(): Ending | undefined;
  /** What sees whether something was assigned among the data, or in their provider's place. */
  data?: DataWatch;
}

/**
 * Trains a model on data. The step alone can be overridden, by `step(batch)`: the loop, saving, logging and callbacks
 * stay as they are.
 *
 * @example
 * ```ts
 * import { Digits, Trainer } from "ptutils";
 * class HalfTrainer extends Trainer {
 *   override step(batch: Parameters<Trainer["step"]>[0]) {
 *     return batch.index[0]! % 2 === 0 ? super.step(batch) : super.evaluate(batch);
 *   }
 * }
 * const trainer = await HalfTrainer.configure({ looper: { steps: 3 } });
 * const history = await trainer.train(new Digits());
 * if (history.series("train/loss").y.length !== 3) throw new Error("unexpected");
 * ```
 */
export class Trainer extends Module<typeof schema> {
  static override schema: z.ZodObject = schema;

  model: Model = this.options.model.build();
  looper: Looper = this.options.looper.build();
  /** Weights that callbacks keep for later, by name: see the actions `keep` and `restore`. */
  kept: Record<string, Value> = {};
  readonly #waiting: (() => Promise<void>)[] = [];

  constructor(options: z.input<typeof schema> = {}) {
    super(options);
    for (const callback of this.options.callbacks) this.callbacks.register(callback.build());
  }

  override async prepare(): Promise<void> {
    await this.model.prepare();
  }

  override invoke(data: TrainingData): Promise<History> {
    return this.train(data);
  }

  /** Trains until the Looper's budget is used up or a callback stops it. Without a Session: nothing is saved. */
  async train(data: TrainingData): Promise<History> {
    const provider = await providerOf(data);
    await this.ready(provider);
    this.looper.stopped = null; // called again: it is meant to go on
    void this.history;
    const tracker = new Tracker(this);
    let wish: Ending | undefined;
    // In a kernel Stop ends it; a script is ended by Ctrl-C as any other.
    using _interrupt = survivesInterrupts() ? onInterrupt(() => wish = interrupted) : undefined;
    const surroundings = {
      boundary: () => tellChanges(tracker.look()),
      history: () => this.history,
      ending: () => wish,
      data: DataWatch.over(provider),
    };
    const leave = watch(this);
    this.status.enter("running");
    try {
      for await (const _ of this.steps(provider, surroundings));
    } catch (error) {
      this.status.enter("failed", { exception: error as Error });
      throw error;
    } finally {
      leave();
      this.endStreams();
    }
    const { kind, reason } = this.looper.ending!;
    if (kind !== "interrupt" && surroundings.data !== undefined) provider.letGo();
    this.status.enter(kind === "interrupt" ? "interrupted" : "completed", { reason });
    return this.history;
  }

  /** The steps that remain, for whoever wants to pull them; throws when a callback lets the run fail. */
  async *steps(provider: DataProvider, surroundings: Surroundings): AsyncGenerator<Step> {
    for await (const step of this.looper(this.work(provider, surroundings))) {
      await this.#doWaiting();
      yield step;
    }
    await this.#doWaiting();
    const ending = this.looper.ending;
    if (ending?.kind === "fail") throw new Error(`Cannot go on training: ${ending.reason}`);
  }

  /** What the Looper is given to do. */
  work(provider: DataProvider, { data, ...surroundings }: Surroundings): Work {
    const now = () => data?.follow() ?? provider;
    return {
      provide: (phase, experiment) => now().provide(phase, experiment),
      step: (batch) => this.step(batch),
      evaluate: (batch) => this.evaluate(batch),
      rewind: (pass) => now().rewind(pass),
      has: (phase) => phase in now().datasets,
      renewed: (resumable) => data?.look(resumable) ?? false,
      ...surroundings,
    };
  }

  /** Means over all samples of a phase's data, without training; the iteration that training goes on with stays. */
  async measure(provider: DataProvider, phase: string, history: History): Promise<Record<string, number>> {
    const { trained: train, dataLoader } = provider;
    const work = this.work(provider, { boundary() {}, history: () => history });
    if (phase === "train" && train !== undefined) work.provide = () => dataLoader.iterate(train, { tracked: false });
    return (await this.looper.evaluate(work, phase)).means;
  }

  /** When a Session saves, and what it keeps. */
  get checkpointOptions(): CheckpointOptions {
    return this.options.checkpoints;
  }

  /** Makes the model fit the data, before step 1. @throws everything that can be known to go wrong */
  async ready(provider: DataProvider): Promise<void> {
    await provider.prepare();
    const faults = provider.check();
    if (faults.length > 0) throw new RangeError(`Cannot train: ${faults.join("; ")}`);
    await this.model.prepare();
    await this.model.prove(provider.describe(), { items: this.#itemsOf(provider) });
    const names = this.seriesNames(provider.phases);
    for (const [name, callback] of Object.entries(this.callbacks.modules())) {
      checkWillCome((callback as Callback).monitored, names, `by callback ${name}`);
    }
    checkWillCome(this.looper.target?.series, names, "as the target of Looper");
    checkWillCome(this.checkpointOptions.keep.best?.series, names, "to keep the best checkpoints");
  }

  /** How many items a step takes; 1 where a step or a provider of one's own may make it anything. */
  #itemsOf({ provide, trained: train, dataLoader: { batchSize } }: DataProvider): number {
    const known = provide === DataProvider.prototype.provide && this.step === Trainer.prototype.step;
    return known && train !== undefined ? Math.min(batchSize, train.size) : 1;
  }

  /** The series that training will give; undefined when an overridden step makes them unknown. */
  seriesNames(phases: readonly string[]): string[] | undefined {
    if (this.step !== Trainer.prototype.step || this.evaluate !== Trainer.prototype.evaluate) return undefined;
    const validates = phases.includes("validation") && this.looper.validate !== false;
    const series = this.model.seriesNames();
    return ["train", ...(validates ? ["validation"] : [])].flatMap((phase) => series.map((name) => `${phase}/${name}`));
  }

  /** Trains on one batch and gives named means over it. This is the one to override for a step of one's own. */
  step(batch: Batch): Values | Promise<Values> {
    return this.model.learn(batch);
  }

  /** Computes the same values for one batch, without training. */
  evaluate(batch: Batch): Values | Promise<Values> {
    return this.model.evaluate(batch);
  }

  override perform(action: Action): boolean {
    if (action.action === "set") setParameter(this, action.path, action.value);
    else if (action.action === "keep") this.#later(() => this.#keep(action.name));
    else if (action.action === "restore") this.#later(() => this.#restore(action.name));
    else return this.looper.perform(action);
    return true;
  }

  /** Does between two steps what takes time. */
  #later(task: () => Promise<void>): void {
    this.#waiting.push(task);
  }

  async #doWaiting(): Promise<void> {
    while (this.#waiting.length > 0) await this.#waiting.shift()!();
  }

  async #keep(name: string): Promise<void> {
    this.kept = { ...this.kept, [name]: stateToValue(await this.model.net.state()) };
  }

  async #restore(name: string): Promise<void> {
    const kept = this.kept[name];
    if (kept !== undefined) await this.model.net.loadState(valueToState(kept));
  }
}

/** @throws {RangeError} a series that is waited for and is not among those that training will give */
function checkWillCome(series: string | undefined, names: readonly string[] | undefined, by: string): void {
  if (series === undefined || names === undefined || names.includes(series)) return;
  throw new RangeError(
    `Cannot monitor "${series}" ${by}: no such series will come; ${suggest(series, names)}; those that will: ${
      names.join(", ")
    }`,
  );
}

async function providerOf(data: TrainingData): Promise<DataProvider> {
  if (data instanceof DataProvider) return data;
  const datasets = data instanceof Dataset || isModule(data) ? { train: data as Dataset } : data;
  return await DataProvider.configure({ datasets });
}

register(Trainer);
