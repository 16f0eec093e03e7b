import type { Batch } from "../data/batch.ts";
import type { History } from "../module/history.ts";

/** Named values, means over the samples of a batch. */
export type Values = Readonly<Record<string, number>>;

/** What data may follow: what the experiment knew when the epoch began. */
export interface Experiment {
  readonly history: History;
  readonly step: number;
  readonly epoch: number;
}

/** How a loop ends. */
export interface Ending {
  readonly kind: "stop" | "interrupt" | "fail" | "budget";
  readonly reason: string;
}

/** What a Looper is given to do. */
export interface Work {
  /** Batches of a phase; those for training go on where they were broken off. */
  provide(phase: string, experiment: Experiment): AsyncIterable<Batch> | Iterable<Batch>;
  /** Trains on a batch. */
  step(batch: Batch): Values | Promise<Values>;
  /** Computes the same values without training. */
  evaluate(batch: Batch): Values | Promise<Values>;
  /**
   * Whether the iteration over the training data is to be begun again where it is, for what was assigned meanwhile.
   *
   * @param resumable whether it goes on by itself at a place that is state
   */
  renewed?(resumable: boolean): boolean | Promise<boolean>;
  /** Takes the data back to the beginning of a pass. */
  rewind(pass: number): void;
  /** Whether there are data for a phase. */
  has(phase: string): boolean;
  /** What is known so far. */
  history(): History;
  /** Called before each step and each event between steps: the moment at which assignments by others take effect. */
  boundary(): void;
  /** Whether somebody outside wants it to end, and why. */
  ending?(): Ending | undefined;
}
