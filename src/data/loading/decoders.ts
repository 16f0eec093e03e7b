import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Worker } from "node:worker_threads";
import { NDArray } from "../../module/ndarray.ts";
import { describeBelow } from "../../module/replaced.ts";
import { stateToValue } from "../../module/state.ts";
import { encodeValue } from "../../module/value.ts";
import type { Batch } from "../batch.ts";
import type { Draw } from "../course.ts";
import type { Dataset } from "../dataset.ts";
import type { Answer, Order, Request } from "./decoding_worker.ts";

/** Milliseconds between two looks: without them a kernel takes a thread's messages up to half a second late. */
const pumpInterval = 10;

interface Waiting {
  readonly worker: Worker;
  done(batch: Batch): void;
  failed(error: Error): void;
}

/** Threads that each have the data set, made from its configuration, and gather batches of it. */
export class Decoders {
  readonly #order: Order;
  readonly #waiting = new Map<number, Waiting>();
  readonly #workers: Worker[];
  readonly #name: string;
  #count = 0;
  /** What a thread died of that had nothing to do then. */
  #failure: Error | undefined;
  #pump: ReturnType<typeof setInterval> | undefined;

  private constructor(workers: Worker[], order: Order, name: string) {
    this.#workers = workers;
    this.#order = order;
    this.#name = name;
    for (const worker of workers) this.#listen(worker);
  }

  /**
   * Starts threads.
   *
   * @param modules files that register classes of one's own
   * @throws {TypeError} a data set that no configuration describes
   */
  static async start(
    dataset: Dataset,
    { workers, modules, pad }: { workers: number; modules: readonly string[]; pad: number | null },
  ): Promise<Decoders> {
    const order: Order = {
      name: dataset.constructor.name,
      options: JSON.stringify(dataset.configuration.toJSON()),
      below: describeBelow(dataset),
      state: JSON.stringify(encodeValue(stateToValue(await dataset.state()))),
      modules: modules.map((module) => /^[a-z]{2,}:/.test(module) ? module : pathToFileURL(resolve(module)).href),
      pad,
    };
    const { Worker } = await import("node:worker_threads");
    const threads = Array.from({ length: workers }, () => new Worker(address(), { workerData: order }));
    return new Decoders(threads, order, order.name);
  }

  /** The batch of a draw, from the thread that has least to do. */
  fetch(draw: Draw): Promise<Batch> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const { promise, resolve: done, reject: failed } = Promise.withResolvers<Batch>();
    const id = ++this.#count, worker = this.#idlest();
    this.#waiting.set(id, { worker, done, failed });
    this.#pump ??= setInterval(() => {}, pumpInterval);
    worker.ref();
    worker.postMessage({ id, indices: [...Array.from(draw.indices)], pass: draw.pass } satisfies Request);
    return promise;
  }

  /** Ends the threads. What was still asked of them fails. */
  async close(): Promise<void> {
    this.#fail(new Error("the iteration has ended"), () => true);
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #idlest(): Worker {
    const loads = this.#workers.map((worker) =>
      [...this.#waiting.values()].filter((one) => one.worker === worker).length
    );
    return this.#workers[loads.indexOf(Math.min(...loads))]!;
  }

  #listen(worker: Worker): void {
    worker.on("message", (answer: Answer) => this.#settle(answer));
    const ended = (error: Error) => {
      this.#failure ??= this.#named(error);
      this.#fail(error, (waiting) => waiting.worker === worker);
    };
    worker.on("error", (error) => ended(error as Error));
    worker.on("exit", () => ended(new Error("its thread has ended")));
    worker.unref();
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) return;
    this.#forget(answer.id, waiting.worker);
    if ("error" in answer) waiting.failed(this.#errorOf(answer.error));
    else waiting.done(batchOf(answer.batch));
  }

  #fail(error: Error, which: (waiting: Waiting) => boolean): void {
    for (const [id, waiting] of [...this.#waiting]) {
      if (!which(waiting)) continue;
      this.#forget(id, waiting.worker);
      waiting.failed(this.#named(error));
    }
  }

  #named = (cause: Error): Error =>
    new Error(`Cannot gather items of ${this.#name} in a Worker: ${cause.message}`, { cause });

  #forget(id: number, worker: Worker): void {
    this.#waiting.delete(id);
    const others = [...this.#waiting.values()];
    if (!others.some((one) => one.worker === worker)) worker.unref(); // an idle thread keeps no process from ending
    if (others.length > 0) return;
    clearInterval(this.#pump);
    this.#pump = undefined;
  }

  /** What was thrown in a thread, of its class where that is a built-in one. */
  #errorOf({ name, message, building }: { name: string; message: string; building: boolean }): Error {
    const type = ({ TypeError, RangeError, SyntaxError } as Record<string, ErrorConstructor>)[name] ?? Error;
    if (!building) return new type(message);
    return new type(
      `Cannot build ${this.#name} again in a Worker: ${message}; data and functions that were given in code are not there: name files, name in "modules" the file that registers a class of your own (now ${
        this.#order.modules.length === 0 ? "none" : this.#order.modules.join(", ")
      }), or set workers to 0`,
    );
  }
}

/** The same batch, of this thread's classes; nothing is copied. */
function batchOf({ input, target, size, index }: Batch): Batch {
  const array = ({ dtype, shape, data }: NDArray) => new NDArray(dtype, shape, data);
  return { input: array(input), target: array(target), size, index };
}

/** The thread's module; this kind of thread begins only with a file or with text, and a published package is neither. */
function address(): URL {
  const module = new URL("./decoding_worker.ts", import.meta.url);
  return module.protocol === "file:" ? module : new URL(`data:text/javascript,import ${JSON.stringify(module.href)};`);
}
