import { z } from "zod";
import type { Action } from "../module/action.ts";
import { checkWork } from "../module/background.ts";
import { Module } from "../module/module.ts";
import { register } from "../module/registry.ts";
import { Breather } from "./breather.ts";
import { type Budget, spentReason, targetSchema } from "./budget.ts";
import { cadenceSchema, dueAfterEpoch, dueAfterStep } from "./cadence.ts";
import { addTo, meansOf, type Meters } from "./meters.ts";
import { epochBatches } from "./epoch_batches.ts";
import type { Ending, Experiment, Values, Work } from "./work.ts";
import type { Batch } from "../data/batch.ts";

const schema = z.strictObject({
  /** Passes through the training data; 10 when no other end is given. */
  epochs: z.int().nonnegative().optional(),
  /** Training steps. */
  steps: z.int().nonnegative().optional(),
  /** Seconds of training, over all sittings. */
  seconds: z.number().positive().optional(),
  /** A value that a series is to reach. */
  target: targetSchema.optional(),
  /** How often the validation data are gone through: every epoch unless said otherwise; `false`: never. */
  validate: z.union([z.literal(false), cadenceSchema]).default({ epochs: 1 }),
});

/** Where the loop stands when it hands over: after a step, or after an epoch with its validation. */
export interface Step {
  readonly kind: "step" | "epoch";
  readonly step: number;
  readonly epoch: number;
}

/** The name under which training data are asked for. */
const training = "train";
/** The name of the data that are gone through between the steps. */
const validation = "validation";

/**
 * The training loop: one async generator of steps. Whoever pulls it decides the pace; pausing is not pulling. Where it
 * stands is state, so that a loop that was broken off anywhere between two steps goes on there.
 */
export class Looper extends Module<typeof schema> {
  static override schema: z.ZodObject = schema;

  epochs: number | null = this.options.epochs ?? (this.#endless() ? 10 : null);
  steps: number | null = this.options.steps ?? null;
  seconds: number | null = this.options.seconds ?? null;
  target: Budget["target"] = this.options.target ?? null;
  validate: z.output<typeof schema>["validate"] = this.options.validate;
  /** Training steps done. */
  step = 0;
  /** Epochs begun. */
  epoch = 0;
  /** Samples trained on. */
  samples = 0;
  /** Whether an epoch was begun and not ended. */
  inEpoch = false;
  /** Batches of this epoch that were used, those skipped included. */
  batch = 0;
  /** What the experiment knew when this epoch began: number of Statistics, steps. */
  began = { statistics: 0, step: 0 };
  /** Why a callback stopped it: a state saved at that moment must not go on when it is restored. */
  stopped: string | null = null;
  /** Sums over the steps of this epoch. */
  meters: Meters = {};
  /** Seconds of training so far. The clock is no state: it would make equal runs unequal; a checkpoint notes it. */
  #elapsed = 0;
  #since: number | undefined;
  #ending: Ending | undefined;
  #skipping = false;
  readonly #breather = new Breather();

  /** The steps that remain. */
  override async *invoke(work: Work): AsyncGenerator<Step> {
    this.#ending = this.stopped === null ? undefined : { kind: "stop", reason: this.stopped };
    const since = this.#since = performance.now();
    try {
      await this.raise("start_of_training", { ...this.#place(), epochs: this.epochs, steps: this.steps });
      while (this.#end(work) === undefined) yield* this.#runEpoch(work);
      await this.raise("end_of_training", { ...this.#place(), reason: this.#ending!.reason });
    } finally {
      if (this.#since === since) this.halt(); // else this loop was given up
    }
  }

  /** Seconds of training so far, over all sittings. */
  get elapsed(): number {
    return this.#elapsed + (this.#since === undefined ? 0 : (performance.now() - this.#since) / 1000);
  }
  set elapsed(seconds: number) {
    this.#elapsed = seconds;
    if (this.#since !== undefined) this.#since = performance.now();
  }

  /** Stops the clock: the loop was given up where it stands. */
  halt(): void {
    this.#elapsed = this.elapsed;
    this.#since = undefined;
  }

  /** Why the loop ended, or is about to. */
  get ending(): Ending | undefined {
    return this.#ending;
  }

  /** Asks the loop to end after the step that is being done. The first to ask gives the reason. */
  end(ending: Ending): void {
    this.#ending ??= ending;
  }

  override perform(action: Action): boolean {
    if (action.action === "skip") this.#skipping = true;
    else if (action.action === "stop" || action.action === "fail") {
      if (action.action === "stop") this.stopped ??= action.reason;
      this.end({ kind: action.action, reason: action.reason });
    } else return false;
    return true;
  }

  async *#runEpoch(work: Work): AsyncGenerator<Step> {
    const begun = this.inEpoch;
    if (!begun) await this.#startEpoch(work);
    const place = { begun, pass: this.epoch - 1, used: () => this.batch };
    for await (const batch of epochBatches(work, training, this.#experiment(work), place)) {
      work.boundary();
      if (await this.#train(batch, work)) yield this.#at("step");
      if (this.#end(work, "within") !== undefined) return;
      await this.#breather.breathe();
    }
    if (this.batch === 0) {
      throw new RangeError("Cannot train: the data provider gave no batch; give it a data set that is not empty");
    }
    await this.#endEpoch(work);
    yield this.#at("epoch");
  }

  async #startEpoch(work: Work): Promise<void> {
    work.boundary();
    this.epoch++;
    this.began = { statistics: work.history().length, step: this.step };
    this.inEpoch = true;
    this.batch = 0;
    this.meters = {};
    work.rewind(this.epoch - 1);
    await this.raise("start_of_epoch", this.#place());
  }

  /** One training step; false if a callback wants the batch passed over. */
  async #train(batch: Batch, work: Work): Promise<boolean> {
    this.#skipping = false;
    const next = { phase: training, step: this.step + 1, epoch: this.epoch, size: batch.size };
    const raised = this.raise("start_of_training_step", next);
    if (raised !== undefined) await raised;
    this.batch++;
    if (this.#skipping) return false;
    let values = work.step(batch);
    if (values instanceof Promise) {
      values = await values;
      checkWork();
    }
    this.step++;
    this.samples += batch.size;
    addTo(this.meters, values, batch.size);
    this.#note(training, values, batch.size);
    const ended = this.raise("end_of_training_step", { ...values, ...next, samples: this.samples });
    if (ended !== undefined) await ended;
    if (this.validate !== false && dueAfterStep(this.validate, this.step)) await this.#validate(work);
    return true;
  }

  async #endEpoch(work: Work): Promise<void> {
    work.boundary();
    if (this.validate !== false && dueAfterEpoch(this.validate, this.epoch)) await this.#validate(work);
    this.inEpoch = false;
    await this.raise("end_of_epoch", { ...meansOf(this.meters), ...this.#place(), phase: training });
  }

  async #validate(work: Work): Promise<void> {
    if (!work.has(validation)) return;
    await this.raise("start_of_validation", { phase: validation, ...this.#place() });
    const { means, size } = await this.evaluate(work, validation);
    this.#note(validation, means, size);
    await this.raise("end_of_validation", { ...means, phase: validation, ...this.#place() });
  }

  /** Goes through the data of a phase without training: the means over all samples, and how many there are. */
  async evaluate(work: Work, phase: string): Promise<{ means: Record<string, number>; size: number }> {
    const meters: Meters = {};
    let size = 0;
    for await (const batch of work.provide(phase, this.#experiment(work))) {
      addTo(meters, await work.evaluate(batch), batch.size);
      size += batch.size;
      await this.#breather.breathe();
    }
    return { means: meansOf(meters), size };
  }

  #note(phase: string, values: Values, size: number): void {
    this.record({
      phase,
      step: this.step,
      epoch: this.epoch,
      samples: this.samples,
      size,
      time: this.elapsed,
      values: { ...values },
    });
  }

  /** Why it is to end now, if it is. In an epoch, a budget of epochs waits for its end. */
  #end(work: Work, where: "within" | "between" = "between"): Ending | undefined {
    this.#ending ??= work.ending?.();
    if (this.#ending !== undefined) return this.#ending;
    const epochs = where === "within" || this.inEpoch ? this.epoch - 1 : this.epoch;
    const reason = spentReason(this, { epochs, steps: this.step, seconds: this.elapsed, history: work.history() });
    return reason === undefined ? undefined : this.#ending = { kind: "budget", reason };
  }

  /** What the data may follow: the experiment as it was when the epoch began, so that a resumed epoch gets the same. */
  #experiment(work: Work): Experiment {
    return { history: work.history().slice(this.began.statistics), step: this.began.step, epoch: this.epoch };
  }

  #place(): { step: number; epoch: number; samples: number } {
    return { step: this.step, epoch: this.epoch, samples: this.samples };
  }

  #at(kind: Step["kind"]): Step {
    return { kind, step: this.step, epoch: this.epoch };
  }

  #endless(): boolean {
    const { steps, seconds, target } = this.options;
    return steps === undefined && seconds === undefined && target === undefined;
  }
}

register(Looper);
