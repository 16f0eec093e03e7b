import type { Worker } from "node:worker_threads";
import type { Figure } from "./figure.ts";
import type { PictureSize } from "./page_without_screen.ts";
import type { PictureAnswer, PictureRequest } from "./picture_worker.ts";

/** How long one picture may take (a minute, for sixty histograms on a busy core), how long the thread waits; ms. */
const patience = 180_000, idle = 20_000;

/** A kernel takes a thread's messages up to half a second late, unless something else keeps it awake; milliseconds. */
const pumpInterval = 10;

interface Waiting {
  done(svg: string): void;
  failed(error: Error): void;
}

/** The thread that draws; while it has nothing to draw it keeps no process from ending. */
class Painter {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #late: ReturnType<typeof setTimeout> | undefined;
  /** Called once, when the thread is no more. */
  readonly #ended: () => void;

  constructor(worker: Worker, ended: () => void) {
    this.#worker = worker;
    this.#ended = ended;
    worker.on("message", (answer: PictureAnswer) => this.#settle(answer));
    worker.on("error", (error) => this.end(error instanceof Error ? error : new Error(String(error))));
    worker.unref();
  }

  draw(figure: Figure, size: PictureSize): Promise<string> {
    clearTimeout(this.#rest);
    const id = ++this.#count;
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const pump = setInterval(() => {}, pumpInterval);
    const settled = () => {
      clearInterval(pump);
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#pause();
    };
    this.#waiting.set(id, {
      done: (svg) => (settled(), resolve(svg)),
      failed: (error) => (settled(), reject(error)),
    });
    if (this.#waiting.size === 1) this.#watch();
    this.#worker.ref();
    this.#worker.postMessage({ id, figure, size } satisfies PictureRequest);
    return promise;
  }

  /** Ends the thread; what it was still to draw fails. */
  end(error: Error): void {
    this.#ended();
    for (const waiting of [...this.#waiting.values()]) waiting.failed(error);
    clearTimeout(this.#rest);
    clearTimeout(this.#late);
    void this.#worker.terminate();
  }

  #settle(answer: PictureAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    if ("svg" in answer) waiting?.done(answer.svg);
    else waiting?.failed(new Error(answer.error));
    this.#watch();
  }

  /** Gives the picture whose turn it is its time; those that were asked for after it wait for theirs. */
  #watch(): void {
    clearTimeout(this.#late);
    if (this.#waiting.size === 0) return;
    this.#late = setTimeout(() => this.end(new Error(`it took longer than ${patience / 1000} s`)), patience);
  }

  #pause(): void {
    this.#worker.unref();
    this.rest();
  }

  /** Ends it in a while, unless it is asked for something, or kept, until then. */
  rest(): void {
    clearTimeout(this.#rest);
    if (keepers > 0 || this.#waiting.size > 0) return;
    this.#rest = setTimeout(() => this.end(new Error("it was idle")), idle);
    this.#rest.unref();
  }
}

let painter: Promise<Painter> | undefined;
/** How many will want a picture in a while. */
let keepers = 0;

/** Has the thread ready for who will want a picture at any moment; gives back what lets it go. */
export function keepPainter(): () => void {
  keepers++;
  const kept = painter ??= start();
  kept.catch(() => {}); // whoever asks for a picture is told
  let held = true;
  return () => {
    if (!held) return;
    held = false;
    keepers--;
    void painter?.then((painter) => painter.rest(), () => {});
  };
}

/**
 * A figure as svg, drawn without a browser by a thread of its own: the first takes about a second, further ones a tenth
 * of that. The thread ends when nothing was asked of it for 20 s.
 *
 * @throws {Error} Plotly can't draw it, or the thread failed
 */
export async function picture(figure: Figure, size: PictureSize): Promise<string> {
  try {
    return await (await (painter ??= start())).draw(figure, size);
  } catch (error) {
    throw new Error(`Cannot draw a figure: ${(error as Error).message}`, { cause: error });
  }
}

async function start(): Promise<Painter> {
  try {
    const { Worker } = await import("node:worker_threads");
    return new Painter(new Worker(address()), () => painter = undefined);
  } catch (error) {
    painter = undefined;
    throw error;
  }
}

/** The thread's module; this kind of thread begins only with a file or with text, and a published package is neither. */
function address(): URL {
  const module = new URL("./picture_worker.ts", import.meta.url);
  return module.protocol === "file:" ? module : new URL(`data:text/javascript,import ${JSON.stringify(module.href)};`);
}
