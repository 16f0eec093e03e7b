import { setImmediate } from "node:timers";

/** Milliseconds between two rests: the time of a frame, so that timers, signals and other cells get their turn. */
const rhythm = 16;

const nothing = new Uint8Array();

/** Lets the event loop have its turn by time, not by step: a short step is not slowed, a long one rests each time. */
export class Breather {
  #last = performance.now();

  /** Waits for a turn of the event loop when it is time to; else gives nothing to wait for. */
  breathe(): Promise<void> | undefined {
    if (performance.now() - this.#last < rhythm) return undefined;
    return this.#rest();
  }

  // A loop that only gives way to what is due never lets the runtime sleep, and it looks at sockets when it sleeps, else
  // every 61st turn, a second later. Waiting for another thread, 0.03 ms, has it sleep.
  async #rest(): Promise<void> {
    await crypto.subtle.digest("SHA-1", nothing);
    await new Promise((resolve) => setImmediate(resolve));
    this.#last = performance.now();
  }
}
