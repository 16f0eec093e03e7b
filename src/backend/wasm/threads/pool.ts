import { Worker } from "node:worker_threads";
import { boardBytes, Desk, place } from "./board.ts";
import type { Start } from "./worker.ts";

/** How often it looks whether the others are done before it sleeps: some ten microseconds. */
const patience = 4000;
/** The longest that threads may take to start, in milliseconds; without them it is one thread that computes. */
const longestStart = 5000;

/** Threads that run functions of our module beside this one, in the memory that all share. */
export class Pool {
  readonly #numbers: Int32Array;
  readonly #desks: readonly Desk[];
  readonly #workers: readonly Worker[];
  readonly #names: readonly string[];

  /** @param others how many threads besides this one */
  constructor(module: WebAssembly.Module, memory: WebAssembly.Memory, names: readonly string[], others: number) {
    const board = new SharedArrayBuffer(boardBytes(others));
    const threads = Array.from({ length: others }, (_, thread) => thread);
    this.#numbers = new Int32Array(board, 0, 4);
    this.#names = names;
    this.#desks = threads.map((thread) => new Desk(board, thread));
    this.#workers = threads.map((thread) => {
      const worker = new Worker(new URL("./worker.ts", import.meta.url));
      worker.unref(); // It keeps no process from ending.
      worker.on("error", () => {}); // It never gets ready then.
      worker.postMessage({ module, memory, board, thread, names } satisfies Start);
      return worker;
    });
  }

  /** How many threads were asked for, with this one. */
  get wanted(): number {
    return this.#workers.length + 1;
  }

  /** How many threads can work now, with this one: those that have not all started are not waited for. */
  get size(): number {
    return Atomics.load(this.#numbers, place.ready) === this.#workers.length ? this.wanted : 1;
  }

  /** Waits until they have started. */
  async started(): Promise<void> {
    for (const end = performance.now() + longestStart; this.size === 1 && performance.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** Has other threads call a function, each with values of its own, while this one works; back when all are done. */
  run(name: string, calls: readonly (readonly number[])[], own: () => void): void {
    const which = this.#names.indexOf(name), numbers = this.#numbers;
    this.#desks.forEach((desk, i) => calls[i] === undefined ? desk.put(-1) : desk.put(which, calls[i]));
    Atomics.store(numbers, place.pending, this.#desks.length);
    Atomics.add(numbers, place.round, 1);
    Atomics.notify(numbers, place.round);
    own();
    for (let looks = 0, pending; (pending = Atomics.load(numbers, place.pending)) > 0;) {
      if (++looks > patience) Atomics.wait(numbers, place.pending, pending);
    }
  }

  /** Ends them. */
  async close(): Promise<void> {
    Atomics.store(this.#numbers, place.over, 1);
    Atomics.add(this.#numbers, place.round, 1);
    Atomics.notify(this.#numbers, place.round);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
