import type { z } from "zod";
import type { TF } from "./tf.ts";

/** How a backend is asked to compute. */
export interface Demands {
  /** How many threads; `auto`: as many as gain something here; left out, as many as the backend has by default. */
  readonly threads?: number | "auto";
  /** Whether it was chosen by its name: then also a device counts that `auto` would not take. */
  readonly byName: boolean;
  /** The backend's own options, checked by its `options`. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** One way for tfjs to compute. Its file imports nothing heavy: what it needs comes with `load`. */
export interface Backend {
  /** What users call it: `native`, `webgpu`, `wasm`, `cpu`. */
  readonly name: string;
  /** What tfjs calls it, as `tf.setBackend` takes it: `tensorflow`, `webgpu`, `wasm`, `cpu`. */
  readonly tfjsName: string;
  /** Whether tensors can be read in line (`dataSync`); where not, reading gives a promise. */
  readonly readsInLine: boolean;
  /** The options that only it has. */
  readonly options: z.ZodObject;
  /**
   * Makes it known to tfjs, and ready to compute. It is called again when something else is demanded.
   *
   * @throws {Error} when it can't run here, quickly where nothing is there; the message is the reason in a clause,
   * without "Cannot": "no TensorFlow is installed; `deno task native` brings it"
   */
  load(tf: TF, demands: Demands): Promise<void>;
  /** What it computes on, for people: "4 cores of x86_64", an adapter's name. Known once it is loaded, as is the rest. */
  device(): string;
  /** The version of what computes. */
  version(): string;
  /** How many threads compute; 0 where it isn't threads that do, as on a GPU. */
  threads(): number;
  /** What to do where fewer threads compute than were asked for, if anything helps. */
  readonly moreThreads?: string;
  /** Why the same input doesn't give the same bits each time; undefined where it does. */
  varies(): string | undefined;
  /** Where there are limits that are known: the most bytes of all tensors together, and of one. */
  room?(): { readonly bytes: number; readonly tensor: number };
  /** Of one that computes apart: what went wrong there, of which it tells late. */
  readonly faults?: Faults;
}

/** What goes wrong on a device that computes apart. */
export interface Faults {
  /** Whether the device is gone for good; `load` opens another. */
  isLost(): boolean;
  /** What went wrong since this was last asked: what was computed since is worth nothing. That it is lost stays so. */
  take(): Error | undefined;
  /** Waits until all that was asked has been done. */
  settle(): Promise<void>;
  /** Waits a moment for the news of why something failed. */
  awaitNews(): Promise<void>;
}
