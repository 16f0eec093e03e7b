import { parentPort } from "node:worker_threads";
import { Desk, place } from "./board.ts";

/** What a thread begins with. */
export interface Start {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly board: SharedArrayBuffer;
  readonly thread: number;
  /** The functions that it may be asked for, by their numbers. */
  readonly names: readonly string[];
}

/** How often it looks for the next call before it sleeps: some ten microseconds. */
const patience = 4000;

parentPort!.once("message", ({ module, memory, board, thread, names }: Start) => {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const functions = names.map((name) => exports[name] as (...values: number[]) => void);
  const numbers = new Int32Array(board, 0, 4), desk = new Desk(board, thread);
  let round = Atomics.load(numbers, place.round);
  Atomics.add(numbers, place.ready, 1);
  while (true) {
    for (let looks = 0; Atomics.load(numbers, place.round) === round;) {
      if (++looks > patience) Atomics.wait(numbers, place.round, round);
    }
    round = Atomics.load(numbers, place.round);
    if (Atomics.load(numbers, place.over) === 1) return;
    const [which, values] = desk.take();
    if (which >= 0) functions[which]!(...values);
    if (Atomics.sub(numbers, place.pending, 1) === 1) Atomics.notify(numbers, place.pending);
  }
});
