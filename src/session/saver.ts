import { dueAfterEpoch, dueAfterStep } from "../loop/cadence.ts";
import type { Step } from "../loop/looper.ts";
import { stateToValue } from "../module/state.ts";
import type { Value } from "../module/value.ts";
import type { Recorder } from "../store/run/recorder.ts";
import type { Checkpoint } from "../store/run/run_record.ts";
import { latestOf } from "./announce.ts";
import type { Session } from "./session.ts";

/** A checkpoint that a callback asks for. */
export interface Request {
  readonly tag?: string;
  readonly score?: number;
}

/** Decides when a Session's State is saved, and takes it. */
export class Saver {
  readonly #session: Session;
  readonly #recorder: Recorder;
  readonly #requested: Request[] = [];
  #savedAt = performance.now();
  /** Why the last checkpoint could not be written; undefined when it could. */
  failure: Error | undefined;

  constructor(session: Session, recorder: Recorder) {
    this.#session = session;
    this.#recorder = recorder;
  }

  /** Asks for a checkpoint at the next boundary of steps. */
  request(request: Request): void {
    this.#requested.push(request);
  }

  /** Whether one is to be saved now. */
  isDue({ kind, step, epoch }: Step): boolean {
    const { every } = this.#session.trainer.checkpointOptions;
    if (this.#requested.length > 0) return true;
    if (every === false) return false;
    if (every.seconds !== undefined && performance.now() - this.#savedAt >= every.seconds * 1000) return true;
    return kind === "step" ? dueAfterStep(every, step) : dueAfterEpoch(every, epoch);
  }

  /** Takes the State; it is written beside the work that goes on. */
  async save(reason: string, replaced: Readonly<Record<string, string>>): Promise<void> {
    this.#savedAt = performance.now();
    this.failure = undefined;
    const { trainer: { looper }, history } = this.#session;
    const requested = this.#requested.splice(0);
    const tags = requested.flatMap(({ tag }) => tag === undefined ? [] : [tag]);
    const sequence = this.#recorder.sequence;
    const state = stateToValue(await this.#session.state());
    const tree: Value = { state, elapsed: looper.elapsed, statistics: history.length };
    await this.#recorder.save(
      {
        sequence,
        step: looper.step,
        epoch: looper.epoch,
        time: new Date().toISOString(),
        reason: requested.length > 0 && reason === "policy" ? "callback" : reason,
        ...(tags.length > 0 ? { tags } : {}),
        scores: latestOf(this.#session.history),
        tree,
        modules: { ...replaced },
      } satisfies Checkpoint,
    );
  }

  /** Waits until what was taken is written, or has failed. */
  settle(): Promise<void> {
    return this.#recorder.settle();
  }
}
