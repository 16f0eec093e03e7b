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
import { reasonsAgainst } from "./provider_check.ts";
import { Sampler } from "./sampler.ts";
import { samplers } from "./samplers.ts";
import { Shuffled } from "./shuffled.ts";

const schema = z.strictObject({
  /** A data set for each phase. */
  datasets: z.record(z.string(), slot(Dataset, datasets)).default({}),
  sampler: slot(Sampler, samplers, Shuffled).prefault({}),
  dataLoader: slot(DataLoader, { DataLoader }, DataLoader).prefault({}),
});

/**
 * Which data come next: for a phase, the batches of the data set of that name. `train` goes on where the loader is, in
 * the sampler's order; other phases are gone through in order. One of your own overrides `provide`, and may look at
 * the experiment to decide.
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
  datasets: Record<string, Dataset> = mapRecord(this.options.datasets, (part) => part.build());
  sampler: Sampler = this.options.sampler.build();
  declare dataLoader: DataLoader;

  constructor(options: z.input<typeof schema> = {}) {
    super(options);
    let loader: DataLoader;
    // An own property, so that it is a child like any other, that lends the sampler to whichever loader is put there.
    Object.defineProperty(this, "dataLoader", {
      get: () => loader,
      set: (next: DataLoader) => (loader = next).use(() => this.sampler),
      enumerable: true,
      configurable: true,
    });
    this.dataLoader = this.options.dataLoader.build();
  }

  /**
   * The batches of a phase.
   *
   * @param _experiment typed so loosely that an override may ask for only what it looks at
   * @throws {RangeError} no data set of this name, naming those there are
   */
  provide(phase: string, _experiment?: Partial<Experiment>): AsyncIterable<Batch> {
    this.#lend();
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

  /** Every reason why training with it can't work; none when it can. */
  check(): string[] {
    const reasons = reasonsAgainst(this.datasets, this.dataLoader);
    // One of its own may train on data sets of any name.
    const needsTrain = this.provide === DataProvider.prototype.provide && this.phases.length > 0;
    if (!needsTrain || Object.hasOwn(this.datasets, "train")) return reasons;
    return [...reasons, `no data set is named "train"; there is ${quoted(this.phases)}`];
  }

  /** A field of a subclass may have replaced the property that does it by itself. */
  #lend(): void {
    this.dataLoader.use(() => this.sampler);
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
