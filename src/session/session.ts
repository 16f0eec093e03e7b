import type { z } from "zod";
import { resolveBackend } from "../backend/resolve.ts";
import { applyChanges } from "../loop/apply_changes.ts";
import { dueAfterEpoch, dueAfterStep } from "../loop/cadence.ts";
import { onInterrupt } from "../loop/interrupt.ts";
import type { Step } from "../loop/looper.ts";
import type { Surroundings, Trainer } from "../loop/trainer.ts";
import type { DataProvider } from "../data/data_provider.ts";
import type { Action } from "../module/action.ts";
import { withSink } from "../module/background.ts";
import type { Configuration } from "../module/configuration.ts";
import type { Event, Payload } from "../module/event.ts";
import { History } from "../module/history.ts";
import { Module } from "../module/module.ts";
import { register } from "../module/registry.ts";
import { seedTree } from "../module/seed.ts";
import { setParameter } from "../module/set_parameter.ts";
import { stateToValue } from "../module/state.ts";
import type { Statistic } from "../module/statistic.ts";
import type { Phase } from "../module/status.ts";
import { Tracker } from "../module/tracker.ts";
import { isValue, type Json, type Value } from "../module/value.ts";
import type { DBInterface } from "../store/db_interface.ts";
import type { JournalEntry } from "../store/journal_line.ts";
import { Recorder } from "../store/recorder.ts";
import type { Checkpoint } from "../store/run_record.ts";
import { Gate } from "./gate.ts";
import { goLive, stopLive } from "./live.ts";
import { type Reopening, sessionSchema } from "./options.ts";
import { RunFile } from "./run_file.ts";

/** What ends one step's worth of an event's life: too many of them for a record that has their Statistics. */
const perStep = /_step$/;

/** Milliseconds between two tries to save, when training waits for it. */
const retryInterval = 1_000;

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
  #file!: RunFile;
  #recorder: Recorder | undefined;
  #replaced: Record<string, string> = {};
  #running: Promise<History> | undefined;
  #savedAt = 0;
  #unsaved: Error | undefined;
  readonly #requested: { tag?: string; score?: number }[] = [];
  readonly #gate = new Gate();

  /** Builds an experiment, and restores it if its store has it. @throws {TypeError} all that is wrong with it, at once */
  static override async configure<C extends abstract new (...input: never[]) => Module>(
    this: C,
    options?: ConstructorParameters<C>[0] | Configuration,
    reopening: Reopening = {},
  ): Promise<InstanceType<C>> {
    const session = new (this as unknown as new (options: unknown) => Session)(options ?? {});
    session.#reopening = reopening;
    await session.prepare();
    return session as InstanceType<C>;
  }

  override async prepare(): Promise<void> {
    this.status.judgeBy(() => this.dataProvider.check());
    seedTree(this, this.options.seed);
    const { name, reasons } = await resolveBackend(this.options.backend as "auto");
    this.status.backend = name;
    this.status.backendReasons = reasons;
    await this.dataProvider.prepare();
    const { usable, reasons: faults } = this.status.check();
    if (!usable) throw new TypeError(`Cannot configure Session "${this.name}": ${faults.join("; ")}`);
    await this.trainer.ready(this.dataProvider);
    void this.history;
    this.status.enter("ready");
    this.#file = new RunFile(this, this.#reopening);
    await stopLive(this.#file.key);
    await this.#restore();
  }

  /** The experiment's name. */
  override get name(): string {
    return this.options.name;
  }

  /** The name under which the store has the run: that of the experiment, but for a fork. */
  get id(): string {
    return this.#file.id;
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
    this.#running = withSink(this, () => this.#run()).finally(() => {
      this.#running = undefined;
      this.endStreams();
    });
    this.#last = this.#running;
    this.#running.catch(() => {}); // Whoever awaits `done` hears of it, and Status has it.
    return this;
  }
  #last: Promise<History> | undefined;

  /** Resolves to the History when training has ended; rejects when it failed. */
  get done(): Promise<History> {
    return this.#last ?? Promise.resolve(this.history);
  }

  /** Halts between two steps; resolves when it has. */
  async pause(): Promise<void> {
    if (this.#running === undefined) return;
    const halted = this.#gate.close();
    await Promise.race([halted, this.#running.catch(() => {})]);
  }

  /** Goes on after a pause. */
  resume(): void {
    this.#gate.open();
  }

  /** Ends after the step that is being done, and saves; resolves when it has. Running again goes on. */
  async stop(reason = "stopped by hand"): Promise<void> {
    this.trainer.looper.end({ kind: "interrupt", reason });
    this.#gate.open();
    await this.#running?.catch(() => {});
  }

  /** A Session that starts this experiment over; the run that is there is kept under another name. */
  async fresh(): Promise<Session> {
    await this.stop();
    return await Session.configure(this.configuration, { fresh: true });
  }

  /** A Session that branches off at the checkpoint of a step, with changed options if some are given. */
  async fork(step: number, overrides: readonly string[] = []): Promise<Session> {
    return await Session.configure(this.configuration.with(...overrides), { fork: { step, from: this.id } });
  }

  /** A Session that goes on with this experiment for longer. */
  async extend(budget: { epochs?: number; steps?: number; seconds?: number }): Promise<Session> {
    await this.stop();
    const overrides = Object.entries(budget).map(([name, value]) => `trainer.looper.${name}=${value}`);
    return await Session.configure(this.configuration.with(...overrides), { extend: true });
  }

  /** Means over all samples of a data set, without training: `evaluate("test")`. */
  async evaluate(phase: string): Promise<Record<string, number>> {
    const work = this.trainer.work(this.dataProvider, this.#surroundings(() => {}));
    return (await this.trainer.looper.evaluate(work, phase)).means;
  }

  /** The run's journal: every event but those of single steps, and every Statistic. */
  async journal(): Promise<JournalEntry[]> {
    return await this.#file.journal(this.#recorder?.run);
  }

  /** A subscriber's error: it harms nothing, and is not lost. */
  backgroundError(error: unknown): void {
    this.#warn(`a subscriber threw: ${error instanceof Error ? error.message : String(error)}`);
  }

  override perform(action: Action): boolean {
    if (action.action === "checkpoint") this.#requested.push({ tag: action.tag, score: action.score });
    else if (action.action === "set") setParameter(this, action.path, action.value);
    else return this.trainer.perform(action);
    return true;
  }

  protected override witness(event: Event): void {
    if (event.trigger === "module_replaced") this.#replaced[event.path] = event.payload.to;
    if (!perStep.test(event.trigger)) this.#recorder?.note(event.trigger, event.path, recordable(event.payload));
  }

  protected override witnessStatistic({ path, ...fields }: Statistic): void {
    this.#recorder?.note("statistic", path, fields);
  }

  async #restore(): Promise<void> {
    const found = await this.#file.find();
    for (const warning of found?.warnings ?? []) this.#warn(warning);
    if (found?.checkpoint === undefined) return;
    this.#replaced = { ...(found.checkpoint.modules ?? {}) as Record<string, string> };
    await this.#file.load(found);
    this.history = found.history;
    this.status.restored = true;
    if (this.#file.finished) this.#enter("completed", { reason: found.record.reason });
    else this.#enter("restored");
  }

  async #run(): Promise<History> {
    if (this.#file.finished) return this.history;
    await stopLive(this.#file.key, this);
    const run = await this.#file.open(() => this.#restore());
    if (this.#file.finished) {
      await run.close();
      return this.history;
    }
    const { keep } = this.trainer.checkpointOptions;
    this.#recorder = new Recorder(run, keep, {
      saved: ({ step, reason, tags }, bytes) => this.emit("checkpoint_saved", { step, reason, tags, bytes }),
      failed: (error) => this.#saveFailed(error),
      warned: (message) => this.#warn(message),
    });
    using _live = goLive(this.#file.key, this);
    using _interrupt = onInterrupt(() => void this.stop("interrupted (SIGINT)"));
    try {
      await this.#file.began(run);
      this.#enter("running");
      await this.#drive();
      await this.#end();
      return this.history;
    } catch (error) {
      this.#enter("failed", { exception: error as Error, reason: (error as Error).message });
      throw error;
    } finally {
      this.#gate.release();
      await this.#close();
    }
  }

  async #drive(): Promise<void> {
    const tracker = new Tracker(this);
    const boundary = () => applyChanges(tracker.look());
    this.#savedAt = performance.now();
    for await (const step of this.trainer.steps(this.dataProvider, this.#surroundings(boundary))) {
      if (this.#isDue(step)) {
        boundary();
        await this.#save("policy");
      }
      if (this.#unsaved !== undefined && this.options.onStoreFailure === "pause") await this.#retrySaving();
      if (this.#gate.closed) await this.#waitAtGate();
    }
    boundary();
  }

  #surroundings(boundary: () => void): Surroundings {
    return { boundary, history: () => this.history };
  }

  #isDue({ kind, step, epoch }: Step): boolean {
    const { every } = this.trainer.checkpointOptions;
    if (this.#requested.length > 0) return true;
    if (every === false) return false;
    if (every.seconds !== undefined && performance.now() - this.#savedAt >= every.seconds * 1000) return true;
    return kind === "step" ? dueAfterStep(every, step) : dueAfterEpoch(every, epoch);
  }

  async #save(reason: string): Promise<void> {
    this.#savedAt = performance.now();
    const { looper } = this.trainer;
    const requested = this.#requested.splice(0);
    const sequence = this.#recorder!.sequence;
    const tree: Value = { state: stateToValue(await this.state()), elapsed: looper.elapsed };
    const tags = requested.flatMap(({ tag }) => tag === undefined ? [] : [tag]);
    await this.#recorder!.save(
      {
        sequence,
        step: looper.step,
        epoch: looper.epoch,
        time: new Date().toISOString(),
        reason: requested.length > 0 ? "callback" : reason,
        ...(tags.length > 0 ? { tags } : {}),
        scores: this.#scores(),
        tree,
        modules: { ...this.#replaced },
      } satisfies Checkpoint,
    );
  }

  #scores(): Record<string, number> {
    return Object.fromEntries(this.history.names.map((name) => [name, this.history.last(name)!.value]));
  }

  async #waitAtGate(): Promise<void> {
    this.#enter("paused");
    await this.#gate.pass();
    this.#enter("running");
  }

  #saveFailed(error: Error): void {
    this.#unsaved = error;
    this.#warn(`a checkpoint could not be saved: ${error.message}; the run is still in memory`);
    this.emit("save_failed", { message: error.message });
  }

  /** Holds training until the store takes a checkpoint again, or somebody stops it. */
  async #retrySaving(): Promise<void> {
    this.#enter("paused", { reason: `waiting for the store: ${this.#unsaved!.message}` });
    while (this.#unsaved !== undefined && this.trainer.looper.ending === undefined) {
      await new Promise((resolve) => setTimeout(resolve, retryInterval));
      this.#unsaved = undefined;
      await this.#save("policy");
      await this.#recorder!.settle();
    }
    this.#enter("running");
  }

  async #end(): Promise<void> {
    const { kind, reason } = this.trainer.looper.ending!;
    const phase = kind === "interrupt" ? "interrupted" : "completed";
    if (phase === "completed" || this.trainer.checkpointOptions.onStop) {
      await this.#save(phase);
      await this.#recorder!.settle();
    }
    this.#enter(phase, { reason });
  }

  /** Writes how it ended; that it can't be written is no reason to lose what is in memory. */
  async #close(): Promise<void> {
    const recorder = this.#recorder!;
    try {
      await recorder.settle();
      await this.#file.ended(recorder.run, this.status, this.#scores());
    } catch (error) {
      this.#warn(`how the run ended could not be written: ${(error as Error).message}`);
    }
    try {
      await recorder.close();
    } catch (error) {
      this.#warn(`the run's record could not be closed: ${(error as Error).message}`);
    }
    this.#recorder = undefined;
  }

  #enter(phase: Phase, why: { reason?: string; exception?: Error } = {}): void {
    this.status.enter(phase, why);
    this.emit("status_changed", {
      phase,
      time: Date.now(),
      ...(why.reason === undefined ? {} : { reason: why.reason }),
    });
  }

  #warn(message: string): void {
    if (this.status.warn(message)) this.emit("warning", { message });
  }
}

register(Session);

/** What of a payload can go into the journal; of anything else, its text. */
function recordable(payload: Payload): Record<string, Json> {
  const entries = Object.entries(payload).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name, isValue(value) ? value as Json : String(value)]));
}
