import { setImmediate } from "node:timers";

/** Milliseconds between two rests: the time of a frame, so that timers, signals and other cells get their turn. */
const rhythm = 16;

/** Lets the event loop have its turn by time, not by step: a short step is not slowed, a long one rests each time. */
export class Breather {
  #last = performance.now();

  /** Waits for a turn of the event loop when it is time to; else gives nothing to wait for. */
  breathe(): Promise<void> | undefined {
    if (performance.now() - this.#last < rhythm) return undefined;
    return new Promise((resolve) =>
      setImmediate(() => {
        this.#last = performance.now();
        resolve();
      })
    );
  }
}
