import { z } from "zod";
import { Module } from "../module/module.ts";
import { register } from "../module/registry.ts";
import { slot } from "../module/slot.ts";
import { quoted, suggest } from "../module/text.ts";
import { mapRecord } from "../module/value.ts";
import type { Batch, Description } from "./batch.ts";
import { DataLoader } from "./data_loader.ts";
import { Dataset } from "./dataset.ts";
import { datasets } from "./datasets.ts";
import type { Experiment } from "./experiment.ts";
import { takePlace } from "./loading/take_place.ts";
import { Mixture } from "./algebra/mixture.ts";
import { MixtureDataset } from "./algebra/mixture_dataset.ts";
import { reasonsAgainst, reasonsAgainstMixture } from "./provider_check.ts";
import { Sampler } from "./sampler.ts";
import { samplers } from "./samplers.ts";
import { Shuffled } from "./shuffled.ts";

const schema = z.strictObject({
  /** A data set for each phase; with a mixture also its sources, under names of their own. */
  datasets: z.record(z.string(), slot(Dataset, datasets)).default({}),
  /** Trains on a mixture of the data sets that its weights name: at first, and from some moment on. */
  mixture: slot(Mixture, { Mixture }, Mixture).optional(),
  sampler: slot(Sampler, samplers, Shuffled).prefault({}),
  dataLoader: slot(DataLoader, { DataLoader }, DataLoader).prefault({}),
});

/**
 * Which data come next: for a phase, the batches of the data set of that name. `train` goes on where the loader is, in
 * the sampler's order; other phases are gone through in order. One of your own overrides `provide`, and may look at
 * the experiment to decide. With a `mixture`, `train` is drawn from several of the data sets by weights, which may be
 * assigned, follow a stream (`provider.mixture.follow(weights$)`), or change by themselves where an epoch begins.
 *
 * @example
 * ```ts
 * import { DataProvider, Digits } from "ptutils";
 * class EasyFirst extends DataProvider {
 *   override datasets = { easy: new Digits({ classes: [0, 1] }), all: new Digits() };
 *   override provide(_phase: string, { epoch }: { epoch: number }) {
 *     return this.dataLoader.iterate(epoch <= 3 ? this.datasets.easy : this.datasets.all);
 *   }
 * }
 * for await (const batch of new EasyFirst()("train", { epoch: 1 })) {
 *   if (batch.target.data.some((digit) => digit > 1)) throw new Error("unexpected");
 * }
 * ```
 */
export class DataProvider extends Module<typeof schema> {
  static override schema: z.ZodObject = schema;
  static instead: Readonly<Record<string, string>> = {
    mix: "mixture: { weights }",
    weights: "mixture: { weights }",
    sources: "datasets",
  };
  datasets: Record<string, Dataset> = mapRecord(this.options.datasets, (part) => part.build());
  sampler: Sampler = this.options.sampler.build();
  declare dataLoader: DataLoader;
  /** What is trained on, where that is a mixture. */
  declare mixture?: Mixture;
  #mixed: MixtureDataset | undefined;

  constructor(options: z.input<typeof schema> = {}) {
    super(options);
    this.#take(this.options.dataLoader.build());
    if (this.options.mixture !== undefined) this.mixture = this.options.mixture.build();
  }

  /**
   * The batches of a phase.
   *
   * @param experiment typed so loosely that an override may ask for only what it looks at
   * @throws {RangeError} no data set of this name, naming those there are
   */
  provide(phase: string, experiment: Partial<Experiment> = {}): AsyncIterable<Batch> {
    this.#lend();
    if (phase === "train" && this.mixture !== undefined) {
      // What a mixture was in the middle of a pass is state: it changes by itself only where one begins.
      if (this.dataLoader.position === 0) this.mixture.adapt(experiment);
      return this.dataLoader.iterate(this.#mixture(this.mixture));
    }
    return this.dataLoader.iterate(this.#dataset(phase), { tracked: phase === "train" });
  }

  override invoke(...[phase, experiment]: Parameters<this["provide"]>): ReturnType<this["provide"]> {
    this.#lend();
    return this.provide(phase, experiment) as ReturnType<this["provide"]>;
  }

  /** The names of its data sets. */
  get phases(): string[] {
    return Object.keys(this.datasets);
  }

  /** What is trained on: a mixture, or the data set named `train`; undefined where there is neither. */
  get trained(): Dataset | undefined {
    return this.mixture === undefined ? this.datasets.train : this.#mixture(this.mixture);
  }

  /** What the items of a phase look like; where no data set has this name, those of the first one. */
  describe(phase = "train"): Description {
    const name = Object.hasOwn(this.datasets, phase) ? phase : this.phases[0] ?? phase;
    return this.#dataset(name).description;
  }

  /** Goes to the start of a pass over the training data. */
  rewind(pass = 0): void {
    this.dataLoader.rewind(pass);
  }

  /** Makes its data sets ready, side by side. */
  override async prepare(): Promise<void> {
    this.#lend();
    const parts = [...Object.values(this.datasets), this.sampler, this.dataLoader];
    await Promise.all(parts.map((part) => part.prepare()));
  }

  /** Has its data sets let go of what they hold open: a run is completed. */
  letGo(): void {
    for (const [, module] of this.modules()) if (module instanceof Dataset) module.letGo();
  }

  /** Every reason why training with it can't work; none when it can. */
  check(): string[] {
    const reasons = reasonsAgainst(this.datasets, this.dataLoader);
    const { mixture, dataLoader: loader } = this;
    if (mixture !== undefined && this.phases.length > 0) {
      return [
        ...reasons,
        ...reasonsAgainstMixture(mixture, this.datasets, { mixed: () => this.#mixture(mixture), loader }),
      ];
    }
    // One of its own may train on data sets of any name.
    const needsTrain = this.provide === DataProvider.prototype.provide && this.phases.length > 0;
    if (!needsTrain || Object.hasOwn(this.datasets, "train")) return reasons;
    return [...reasons, `no data set is named "train"; there is ${quoted(this.phases)}`];
  }

  /**
   * Makes the loader an own property, so that it is a child like any other, that lends the sampler to whichever loader is
   * put there; one that has not begun goes on where the one before it was.
   */
  #take(loader: DataLoader): void {
    Object.defineProperty(this, "dataLoader", {
      get: () => loader,
      set: (next: DataLoader) => {
        takePlace(next, loader);
        (loader = next).use(() => this.sampler);
      },
      enumerable: true,
      configurable: true,
    });
    loader.use(() => this.sampler);
  }

  /** A field of a subclass may have replaced the property that does it by itself. */
  #lend(): void {
    if (Object.getOwnPropertyDescriptor(this, "dataLoader")!.value !== undefined) this.#take(this.dataLoader);
  }

  /** The data sets that are mixed, as one: those that have a weight now or may have one later. */
  #mixture(mixture: Mixture): MixtureDataset {
    const wanted = mixture.sources.filter((name) => Object.hasOwn(this.datasets, name));
    const sources = Object.fromEntries(wanted.map((name) => [name, this.datasets[name]!]));
    const known = this.#mixed?.datasets ?? {}, names = Object.keys(sources);
    const same = names.length === Object.keys(known).length && names.every((name) => known[name] === sources[name]);
    if (!same || this.#mixed === undefined) this.#mixed = new MixtureDataset({ datasets: sources });
    this.#mixed.mixture = mixture;
    return this.#mixed;
  }

  #dataset(phase: string): Dataset {
    if (Object.hasOwn(this.datasets, phase)) return this.datasets[phase]!;
    throw new RangeError(
      `Cannot provide data for "${phase}": no data set has this name, ${
        suggest(phase, this.phases)
      }; put one into datasets`,
    );
  }
}

register(DataProvider);
