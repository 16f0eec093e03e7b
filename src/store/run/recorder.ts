import { clearInterval, setInterval } from "node:timers";
import type { Statistic } from "../../module/statistic.ts";
import { isValue, mapRecord } from "../../module/value.ts";
import type { KeepOptions } from "../../loop/checkpoint_options.ts";
import { toRemove } from "./keep_policy.ts";
import type { Checkpoint, Run } from "./run_record.ts";

/** Milliseconds between two signs of life. */
const heartbeatInterval = 2_000;

/** What a {@linkcode Recorder} tells its owner. */
export interface RecorderEvents {
  saved(checkpoint: Checkpoint, bytes: number): void;
  /** Saving did not work; what is in memory is all still there. */
  failed(error: Error): void;
  warned(message: string): void;
  /** A sign of life was given. */
  alive(): void;
}

/**
 * Keeps the record of a run that goes on: journal entries with their numbers, checkpoints saved beside the work, signs
 * of life. At most one checkpoint is being written; who brings the next waits for it.
 */
export class Recorder {
  readonly run: Run;
  readonly #keep: KeepOptions;
  readonly #events: RecorderEvents;
  readonly #heart: ReturnType<typeof setInterval>;
  #sequence: number;
  #saving: Promise<void> = Promise.resolve();
  #warned = 0;
  #closed = false;

  constructor(run: Run, keep: KeepOptions, events: RecorderEvents) {
    this.run = run;
    this.#keep = keep;
    this.#events = events;
    this.#sequence = run.sequence;
    this.#heart = setInterval(() => void this.#beat(), heartbeatInterval).unref();
    this.#tellWarnings();
  }

  /** The number of the journal's last entry. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Puts an entry into the journal, until that is closed; of what in the payload is no plain value, its text. */
  note(trigger: string, path: string, payload: Readonly<Record<string, unknown>>): void {
    if (this.#closed) return;
    const plain = isValue(payload) ? payload : mapRecord(payload, (value) => isValue(value) ? value : String(value));
    this.run.append({ sequence: ++this.#sequence, time: Date.now(), trigger, path, payload: plain });
  }

  /** Puts a Statistic into the journal. */
  noteStatistic({ path, ...fields }: Statistic): void {
    this.note("statistic", path, fields);
  }

  /** Begins to save, after the checkpoint before is written. Its arrays must not change any more. */
  async save(checkpoint: Checkpoint): Promise<void> {
    await this.#saving;
    this.#saving = this.#write(checkpoint);
  }

  /** Waits until the last checkpoint is written, or has failed. */
  async settle(): Promise<void> {
    await this.#saving;
  }

  /** Ends the record: what is left is written, the run is free for others. */
  async close(): Promise<void> {
    clearInterval(this.#heart);
    await this.#saving;
    this.#closed = true;
    try {
      await this.run.close();
    } finally {
      this.#tellWarnings();
    }
  }

  async #write(checkpoint: Checkpoint): Promise<void> {
    try {
      const { bytesWritten } = await this.run.save(checkpoint);
      this.#events.saved(checkpoint, bytesWritten);
      const gone = toRemove(await this.run.checkpoints(), this.#keep);
      if (gone.length > 0) await this.run.remove(gone);
    } catch (error) {
      this.#events.failed(error as Error);
    }
    this.#tellWarnings();
  }

  async #beat(): Promise<void> {
    try {
      await this.run.heartbeat();
      this.#events.alive();
    } catch (error) {
      this.#events.warned(`no sign of life could be written: ${(error as Error).message}`);
    }
    this.#tellWarnings();
  }

  #tellWarnings(): void {
    for (const warning of this.run.warnings.slice(this.#warned)) this.#events.warned(warning);
    this.#warned = this.run.warnings.length;
  }
}
