import type { Connection } from "./connection.ts";
import type { WatchdogTask } from "./watchdog_worker.ts";

/**
 * Breaks off a cell that loops without end, when it is interrupted: the main thread is busy and can't hear it, so that a
 * Worker asks the kernel. Only a cell that does not await; after an `await` the kernel would never answer again.
 */
export class Watchdog {
  readonly #heard = new Int32Array(new SharedArrayBuffer(4));

  constructor(connection: Connection) {
    const worker = new Worker(new URL("./watchdog_worker.ts", import.meta.url), { type: "module" });
    worker.onerror = (event) => event.preventDefault(); // there is none then
    worker.postMessage({ connection, heard: this.#heard } satisfies WatchdogTask);
  }

  /** Tells that the main thread has heard an interrupt: no loop holds it. */
  noteInterrupt(): void {
    Atomics.add(this.#heard, 0, 1);
  }
}
