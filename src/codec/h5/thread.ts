import { Worker } from "node:worker_threads";
import type { ByteSource } from "../../module/byte_source.ts";
import type { H5Answer, H5Entry, H5Request } from "./worker.ts";
import { type Fetch, hand, sharedFor } from "../shared_bytes.ts";

/** How long a thread waits for the next file, in milliseconds. */
const idle = 5_000;

/** A Jupyter kernel takes a thread's messages up to half a second late, unless something keeps it awake; milliseconds. */
const pumpInterval = 5;

/** The thread that nobody uses, for the next who wants one. */
let spare: { worker: Worker; rest: ReturnType<typeof setTimeout> } | undefined;

/** An HDF5 file, open in a thread of its own. */
export class H5File {
  /** What lies in it. */
  entries: readonly H5Entry[] = [];
  readonly #worker = takeWorker();
  readonly #source: ByteSource;
  readonly #patience: number;
  readonly #shared: SharedArrayBuffer;
  #latest: Promise<unknown> = Promise.resolve();
  #isOver = false;

  private constructor(source: ByteSource, patience: number) {
    this.#source = source;
    this.#patience = patience;
    this.#shared = sharedFor(source.size);
  }

  /**
   * @param patience how long the thread may be silent at work, in milliseconds: libhdf5 can run for ever on damaged files
   * @throws {SyntaxError} bytes that are not HDF5, or are damaged
   */
  static async open(source: ByteSource, patience: number): Promise<H5File> {
    const file = new H5File(source, patience);
    const { entries } = await file.#ask({ open: { size: source.size, shared: file.#shared } }) as {
      entries: H5Entry[];
    };
    file.entries = entries;
    return file;
  }

  /** @throws {SyntaxError} damaged data, naming the dataset */
  async read({ path, name }: H5Entry): Promise<Extract<H5Answer, { buffer: ArrayBuffer } | { texts: string[] }>> {
    return await this.#ask({ read: path }, `"${name}": `) as Extract<H5Answer, { buffer: ArrayBuffer }>;
  }

  /** Lets the thread go. */
  close(): void {
    this.#ask({ close: true }).then(() => this.#isOver ||= (giveWorker(this.#worker), true), () => {});
  }

  /** One question after the other. */
  #ask(request: H5Request, about = ""): Promise<H5Answer> {
    const answer = this.#latest.then(() => this.#send(request)).then((answer) => {
      if (!("failure" in answer)) return answer;
      if (answer.suspect) this.#end();
      else giveWorker(this.#worker), this.#isOver = true;
      throw new SyntaxError(`Cannot read h5: ${about}${answer.failure}`);
    });
    this.#latest = answer.catch(() => {});
    return answer;
  }

  async #send(request: H5Request): Promise<H5Answer> {
    if (this.#isOver) throw new SyntaxError("Cannot read h5: the file is closed; open it again");
    const { promise, resolve, reject } = Promise.withResolvers<H5Answer>();
    const late = () =>
      fail(new RangeError(`Cannot read h5: it takes longer than ${this.#patience / 1000} s; it is damaged`));
    let timer = setTimeout(late, this.#patience);
    const pump = setInterval(() => {}, pumpInterval);
    const fail = (error: Error) => (this.#end(), reject(error));
    const onError = () => fail(new SyntaxError("Cannot read h5: it is damaged"));
    const onMessage = (message: H5Answer | Fetch) => {
      clearTimeout(timer);
      if (!("fetch" in message)) return resolve(message);
      timer = setTimeout(late, this.#patience);
      hand(this.#source, this.#shared, message).catch(fail);
    };
    this.#worker.on("message", onMessage).on("error", onError);
    this.#worker.postMessage(request);
    try {
      return await promise;
    } finally {
      this.#worker.off("message", onMessage).off("error", onError);
      clearTimeout(timer);
      clearInterval(pump);
    }
  }

  #end(): void {
    this.#isOver = true;
    void this.#worker.terminate();
  }
}

function takeWorker(): Worker {
  const worker = spare?.worker ?? new Worker(address());
  clearTimeout(spare?.rest);
  spare = undefined;
  worker.unref(); // a file that nobody closes keeps no process alive; a question does, by its timers
  return worker;
}

/** Keeps a thread for a while. */
function giveWorker(worker: Worker): void {
  if (spare !== undefined) return void worker.terminate();
  const rest = setTimeout(() => {
    spare = undefined;
    void worker.terminate();
  }, idle);
  rest.unref();
  spare = { worker, rest };
}

/** The thread's module; this kind of thread begins only with a file or with text, and a published package is neither. */
function address(): URL {
  const module = new URL("./worker.ts", import.meta.url);
  return module.protocol === "file:" ? module : new URL(`data:text/javascript,import ${JSON.stringify(module.href)};`);
}
