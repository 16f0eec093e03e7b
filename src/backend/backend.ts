import type { TF } from "./tf.ts";

/** One way for tfjs to compute. */
export interface Backend {
  readonly name: string;
  /** Whether tensors can be read in line (`dataSync`); where not, reading gives a promise. */
  readonly readsInLine: boolean;
  /** Makes it known to tfjs. @throws when it can't run here */
  load(tf: TF): Promise<void>;
  /** The version of what computes. */
  version(): string;
  /** How many threads compute. */
  threads(): number;
}
