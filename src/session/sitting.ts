import { DataWatch } from "../loop/data_watch.ts";
import { tellChanges } from "../loop/tell_changes.ts";
import type { Ending } from "../loop/work.ts";
import { checkWork, withCheck } from "../module/background.ts";
import { watch } from "../module/place.ts";
import { type Change, Tracker } from "../module/tracker.ts";
import { Recorder } from "../store/run/recorder.ts";
import type { Checkpoint, Run } from "../store/run/run_record.ts";
import { asksToPause } from "../store/mirror/unreached.ts";
import { enter, warn } from "./announce.ts";
import { Abandoned, type Control } from "./control.ts";
import type { RunFile } from "./run_file.ts";
import { Saver } from "./saver.ts";
import type { Session } from "./session.ts";
import { Summary } from "./summary.ts";
import { isUnsaved, savedStepOf, unsavedOf } from "./unsaved.ts";

/** Milliseconds between two tries to save, when training waits for it. */
const retryInterval = 1_000;

/** What a Sitting does with its Session besides what everybody may. */
export interface Host {
  readonly session: Session;
  readonly file: RunFile;
  readonly control: Control;
  readonly pausesOnFailure: boolean;
  /** Modules that took another's place. */
  replaced(): Readonly<Record<string, string>>;
}

/** One sitting of a run: from its opening to train until it ends, is stopped or fails. */
export class Sitting {
  readonly #host: Host;
  readonly recorder: Recorder;
  readonly saver: Saver;
  readonly #summary: Summary;
  #noting: Promise<void> = Promise.resolve();
  /** Why a checkpoint could not be saved, as it was told: not again for each, with other numbers. */
  #told = "";

  constructor(host: Host, run: Run) {
    this.#host = host;
    this.#summary = new Summary(host.session);
    this.recorder = new Recorder(run, host.session.trainer.checkpointOptions.keep, {
      saved: (checkpoint, bytes) => this.#saved(checkpoint, bytes),
      failed: (error) => this.#failed(error),
      warned: (message) => warn(host.session, message),
      alive: () => host.session.status.heartbeat = Date.now(),
    });
    this.saver = new Saver(host.session, this.recorder);
  }

  /** Trains to the end, and saves how it ended. @throws what let the run fail */
  async train(): Promise<void> {
    const { session, file, control } = this.#host;
    session.status.unsaved = undefined;
    const leave = watch(session); // its Modules know where they hang: none has to look around
    try {
      await file.began(this.recorder.run);
      this.#noteUnsaved();
      enter(this.#host.session, "running");
      await control.during(withCheck(() => control.check(), () => this.#drive()));
      await this.#end();
    } catch (error) {
      if (error instanceof Abandoned) return this.#giveUp(error);
      const exception = error instanceof Error ? error : new Error(`${error} was thrown`, { cause: error });
      enter(this.#host.session, "failed", { exception, reason: exception.message });
      throw exception;
    } finally {
      leave();
      control.gate.open();
      await this.#close();
    }
  }

  /** What an earlier sitting could not save is still in memory: it goes into the journal now. */
  #noteUnsaved(): void {
    const { session, file } = this.#host;
    if (session.history.length <= file.savedStatistics) return;
    let index = 0;
    for (const statistic of session.history) {
      if (index++ >= file.savedStatistics) this.recorder.noteStatistic(statistic);
    }
  }

  async #drive(): Promise<void> {
    const { session, control, pausesOnFailure } = this.#host;
    const tracker = new Tracker(session), data = new DataWatch(() => session.dataProvider);
    const boundary = () => {
      const changes = tracker.look();
      tellChanges(changes);
      data.follow();
      if (changes.some((change) => this.#isOfData(change))) this.#noteData();
    };
    const surroundings = { boundary, history: () => session.history, ending: () => this.#wish(), data };
    for await (const step of session.trainer.steps(session.dataProvider, surroundings)) {
      if (session.trainer.looper.ending?.kind === "fail") continue; // what let it fail may be in the State
      if (this.saver.isDue(step)) {
        boundary(); // what was assigned is in the State, so its record comes before
        await this.#save("policy");
      }
      const { failure } = this.saver;
      if (failure !== undefined && (pausesOnFailure || asksToPause(failure))) await this.#retrySaving();
      if (control.gate.closed) await this.#waitAtGate();
    }
    boundary();
  }

  /** Whether the data provider, or something in it, was replaced. */
  #isOfData({ trigger, module, now }: Change & { now?: unknown }): boolean {
    const { dataProvider } = this.#host.session;
    if (trigger !== "module_replaced") return false;
    return now === dataProvider || [...dataProvider.modules()].some(([, one]) => one === module);
  }

  /** The record names the data that a run goes on with. */
  #noteData(): void {
    const { session, file } = this.#host;
    this.#noting = this.#noting.then(() => file.changedData(this.recorder.run)).catch((error) =>
      warn(session, `which data it goes on with could not be written: ${error.message}`)
    );
  }

  #wish(): Ending | undefined {
    const { reason } = this.#host.control;
    return reason === undefined ? undefined : { kind: "interrupt", reason };
  }

  async #waitAtGate(): Promise<void> {
    enter(this.#host.session, "paused");
    await this.#host.control.gate.pass();
    enter(this.#host.session, "running");
  }

  #save(reason: string): Promise<void> {
    return this.saver.save(reason, this.#host.replaced());
  }

  #saved({ sequence, step, reason, tags, tree }: Checkpoint, bytes: number): void {
    this.#host.file.saved(sequence, (tree as { statistics: number }).statistics);
    this.#host.session.emit("checkpoint_saved", { step, reason, tags, bytes });
    this.#summary.noteSoon(this.recorder.run);
  }

  #failed(error: Error): void {
    this.saver.failure = error;
    const kind = error.message.replaceAll(/\d+/g, "");
    if (kind !== this.#told) {
      warn(
        this.#host.session,
        isUnsaved(error)
          ? `a checkpoint could not be saved: ${error.message}; the run is still in memory`
          : error.message, // which says where the checkpoint is safe
      );
    }
    this.#told = kind;
    this.#host.session.emit("save_failed", { message: error.message });
  }

  /** Holds training until the store takes a checkpoint again, or somebody stops it. */
  async #retrySaving(): Promise<void> {
    enter(this.#host.session, "paused", { reason: `waiting for the store: ${this.saver.failure!.message}` });
    while (this.saver.failure !== undefined && this.#host.control.reason === undefined) {
      await new Promise((resolve) => setTimeout(resolve, retryInterval));
      checkWork();
      await this.#save("policy");
      await this.saver.settle();
    }
    enter(this.#host.session, "running");
  }

  async #end(): Promise<void> {
    const { session } = this.#host;
    const { kind, reason } = session.trainer.looper.ending!;
    const phase = kind === "interrupt" ? "interrupted" : "completed";
    if (phase === "completed" || session.trainer.checkpointOptions.onStop) {
      await this.#save(phase);
      await this.saver.settle();
    }
    if (phase === "completed") session.dataProvider.letGo();
    enter(this.#host.session, phase, { reason });
  }

  /** The step may come back at any time, to something that nobody knows: what goes on next is the last checkpoint. */
  #giveUp({ message }: Abandoned): void {
    this.#host.file.forget();
    this.#host.session.trainer.looper.halt();
    enter(this.#host.session, "interrupted", { reason: message });
  }

  /** Writes how it ended; that it can't be written is no reason to lose what is in memory. */
  async #close(): Promise<void> {
    const { session, file } = this.#host, { run } = this.recorder;
    const others: string[] = [];
    try {
      await this.saver.settle();
      await this.#noting;
      await file.ended(run, session.status, this.#summary.now());
    } catch (error) {
      warn(session, `how the run ended could not be written: ${(error as Error).message}`);
      others.push("how it ended, which could not be written");
    }
    const savedStep = await savedStepOf(run);
    try {
      await this.recorder.close();
    } catch (error) {
      warn(session, `the run's record could not be closed: ${(error as Error).message}`);
      others.push("the end of its journal, which could not be closed");
    }
    const { failure } = this.saver;
    session.status.unsaved = unsavedOf({ checkpoint: failure, others }, savedStep);
    if (!isUnsaved(failure)) return;
    warn(
      session,
      `the end of this run is in memory only: its last checkpoint could not be saved; see the reason above`,
    );
  }
}
