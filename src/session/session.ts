import type { z } from "zod";
import { onInterrupt } from "../loop/interrupt.ts";
import type { Trainer } from "../loop/trainer.ts";
import type { DataProvider } from "../data/data_provider.ts";
import type { Action } from "../module/action.ts";
import { withSink, worksFor } from "../module/background.ts";
import type { Configuration } from "../module/configuration.ts";
import type { Event } from "../module/event.ts";
import type { History } from "../module/history.ts";
import { Module } from "../module/module.ts";
import { register } from "../module/registry.ts";
import { noteReplaced } from "../module/replaced.ts";
import { seedTree } from "../module/seed.ts";
import { setParameter } from "../module/set_parameter.ts";
import type { Statistic } from "../module/statistic.ts";
import type { DBInterface } from "../store/db_interface.ts";
import type { JournalEntry } from "../store/journal/journal_line.ts";
import { enter, warn, warnOfNaN } from "./announce.ts";
import { chooseBackend } from "./computing.ts";
import { Control } from "./control.ts";
import { goLive, stopLive } from "./live.ts";
import { reopen } from "./reopen.ts";
import { checkReopening, type Reopening, sessionSchema } from "./options.ts";
import { RunFile } from "./run_file.ts";
import { Sitting } from "./sitting.ts";

/** Events of single steps: too many for a record that has their Statistics. */
const perStep = /_step$/;

/**
 * The root of an experiment: trains a model on data, keeps the record, and goes on where an earlier session stopped.
 *
 * @example
 * ```ts
 * import { Session } from "ptutils";
 * const session = await Session.configure({
 *   name: "example",
 *   trainer: { looper: { steps: 5 } },
 *   dataProvider: { datasets: { train: "Digits" } },
 *   dbInterface: "MemoryStore",
 * });
 * const history = await session.run();
 * if (history.last("train/loss")?.step !== 5) throw new Error("unexpected");
 * ```
 */
export class Session extends Module<typeof sessionSchema> {
  static override schema: z.ZodObject = sessionSchema;

  trainer: Trainer = this.options.trainer.build();
  dataProvider: DataProvider = this.options.dataProvider.build();
  dbInterface: DBInterface = this.options.dbInterface.build();
  #reopening: Reopening = {};
  #file: RunFile | undefined;
  #sitting: Sitting | undefined;
  #replaced: Record<string, string> = {};
  #running: Promise<History> | undefined;
  #last: Promise<History> | undefined;
  #control = new Control();

  /** Builds an experiment, and restores it if its store has it. @throws {TypeError} all that is wrong with it, at once */
  static override async configure<C extends abstract new (...input: never[]) => Module>(
    this: C,
    options?: ConstructorParameters<C>[0] | Configuration,
    reopening: Reopening = {},
  ): Promise<InstanceType<C>> {
    checkReopening(reopening);
    const session = new (this as unknown as new (options: unknown) => Session)(options ?? {});
    session.#reopening = reopening;
    await session.prepare();
    return session as InstanceType<C>;
  }

  override async prepare(): Promise<void> {
    this.status.judgeBy(() => this.dataProvider.check());
    seedTree(this, this.options.seed);
    await chooseBackend(this.status, this.options);
    await this.dataProvider.prepare();
    const { usable, reasons: faults } = this.status.check();
    if (!usable) throw new TypeError(`Cannot configure Session "${this.name}": ${faults.join("; ")}`);
    await this.trainer.ready(this.dataProvider);
    this.trainer.model.status.warnings.forEach((warning) => this.status.warn(warning));
    void this.history;
    this.status.enter("ready");
    this.#file = new RunFile(this, this.#reopening, this.options.load);
    await stopLive(this.#file.key);
    await this.#restore(this.#file);
  }

  /** The experiment's name. */
  override get name(): string {
    return this.options.name;
  }

  /** The name under which the store has the run: that of the experiment, but for a fork. */
  get id(): string {
    return this.#file?.id ?? this.name;
  }

  /** What this run began with, out of another one, by the option `load`. */
  get loaded(): RunFile["loaded"] {
    return this.#file?.loaded;
  }

  override invoke(): Promise<History> {
    return this.run();
  }

  /** Trains to the end, or shows the finished run: resolves to its History. */
  run(): Promise<History> {
    return this.start().done;
  }

  /** Begins to train and gives back at once; `done` resolves when it has ended. */
  start(): this {
    if (this.#running !== undefined) return this;
    this.#control = new Control();
    this.#running = withSink(this, () => this.#run()).catch((error) => {
      if (this.status.phase !== "failed") enter(this, "failed", { exception: error, reason: error.message });
      throw error;
    }).finally(() => {
      this.#running = undefined;
      this.endStreams();
    });
    this.#last = this.#running;
    this.#running.catch(() => {}); // Whoever awaits `done` hears of it, and Status has it.
    return this;
  }

  /** Resolves to the History when training has ended; rejects when it failed. */
  get done(): Promise<History> {
    return this.#last ?? Promise.resolve(this.history);
  }

  /** Halts between two steps; resolves when it has. Called from within the run, it gives back at once. */
  pause(): Promise<void> {
    return this.#ask(() => this.#control.gate.close());
  }

  /** Goes on after a pause. */
  resume(): void {
    this.#control.gate.open();
  }

  /**
   * Ends after the step that is being done, and saves; resolves when it has. Running again goes on. Called from within
   * the run, by a callback or a subscriber, it gives back at once.
   */
  stop(reason = "stopped by hand"): Promise<void> {
    return this.#ask(() => this.#control.stop(reason));
  }

  /**
   * Ends at once, in the middle of a step that may never end: what was done since the last checkpoint is lost. Running
   * again goes on from there.
   */
  abandon(reason = "abandoned by hand"): Promise<void> {
    return this.#ask(() => this.#control.abandon(reason));
  }

  /** A Session that starts this experiment over; the run that is there is kept under another name. */
  async fresh(): Promise<this> {
    await this.stop();
    return await reopen(this, [], { fresh: true });
  }

  /** A Session that branches off at the checkpoint of a step, with changed options if some are given. */
  async fork(step: number, overrides: readonly string[] = []): Promise<this> {
    return await reopen(this, overrides, { fork: { step, from: this.id } });
  }

  /** A Session that goes on with this experiment for longer. */
  async extend(budget: { epochs?: number; steps?: number; seconds?: number }): Promise<this> {
    await this.stop();
    const overrides = Object.entries(budget).map(([name, value]) => `trainer.looper.${name}=${value}`);
    return await reopen(this, overrides, { extend: true });
  }

  /** Means over all samples of a data set, without training: `evaluate("test")`. */
  async evaluate(phase: string): Promise<Record<string, number>> {
    return await this.trainer.measure(this.dataProvider, phase, this.history);
  }

  /** The run's journal: every event but those of single steps, and every Statistic. */
  async journal(): Promise<JournalEntry[]> {
    return await this.#file?.journal(this.#sitting?.recorder.run) ?? [];
  }

  /** A subscriber's error: it harms nothing, and is not lost. */
  backgroundError(error: unknown): void {
    warn(this, `a subscriber threw: ${error instanceof Error ? error.message : String(error)}`);
  }

  override perform(action: Action): boolean {
    if (action.action === "checkpoint") this.#sitting?.saver.request(action);
    else if (action.action === "set") setParameter(this, action.path, action.value);
    else return this.trainer.perform(action);
    return true;
  }

  protected override witness(event: Event): void {
    const { trigger, path, payload } = event;
    if (trigger === "module_replaced") noteReplaced(this.#replaced, event);
    if (trigger === "warning" && path !== "") this.status.warn(`${path}: ${payload.message}`);
    if (!perStep.test(trigger)) this.#sitting?.recorder.note(trigger, path, payload);
  }

  protected override witnessStatistic(statistic: Statistic): void {
    this.#sitting?.recorder.noteStatistic(statistic);
    warnOfNaN(this, statistic);
  }

  /** Asks something of a run that goes on; from outside of it, waits until that has happened, or the run has ended. */
  async #ask(what: () => void | Promise<void>): Promise<void> {
    const ended = this.#running?.catch(() => {});
    const happened = ended && what();
    if (!worksFor(this)) await (happened === undefined ? ended : Promise.race([happened, ended]));
  }

  async #restore(file: RunFile): Promise<void> {
    const found = await file.find();
    for (const warning of found?.warnings ?? []) warn(this, warning);
    if (found?.checkpoint === undefined) return;
    this.#replaced = { ...await file.load(found) };
    this.history = found.history;
    this.status.restored = true;
    enter(this, file.finished ? "completed" : "restored", file.finished ? { reason: found.record.reason } : {});
  }

  async #run(): Promise<History> {
    if (this.#file === undefined) await this.prepare(); // built by `new`
    const file = this.#file!;
    if (file.finished) return this.history;
    await stopLive(file.key, this);
    const run = await file.open(() => this.#restore(file));
    if (file.finished) return await run.close().then(() => this.history);
    using _live = goLive(file.key, this);
    using _interrupt = onInterrupt((hurry) => void this[hurry ? "abandon" : "stop"]("SIGINT"));
    try {
      const pausesOnFailure = this.options.onStoreFailure === "pause", replaced = () => this.#replaced;
      this.#sitting = new Sitting({ session: this, file, control: this.#control, pausesOnFailure, replaced }, run);
      await this.#sitting.train();
      return this.history;
    } finally {
      this.#sitting = undefined;
    }
  }
}

register(Session);
