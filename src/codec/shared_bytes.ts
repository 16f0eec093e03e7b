import type { ByteSource } from "../module/byte_source.ts";

/** What the thread asks for while it waits. */
export interface Fetch {
  readonly fetch: { readonly from: number; readonly to: number };
}

/** In the first words of the shared memory: nothing yet, the bytes are there, they can't be had. */
const waiting = 0, there = 1, failed = 2;
const headBytes = 8, pieceBytes = 2 ** 22, pageBytes = 2 ** 18, maxPages = 16, patience = 300_000;

/** Memory in which a thread is handed the bytes of a source of this size, piece by piece. */
export const sharedFor = (size: number): SharedArrayBuffer =>
  new SharedArrayBuffer(headBytes + Math.min(Math.max(size, 1), pieceBytes));

/** Hands over what was asked for. @throws {Error} the source's, after the thread was told */
export async function hand(source: ByteSource, shared: SharedArrayBuffer, { fetch }: Fetch): Promise<void> {
  const head = new Int32Array(shared, 0, 2);
  let state = failed;
  try {
    const bytes = await source.read(fetch.from, fetch.to);
    new Uint8Array(shared, headBytes).set(bytes);
    head[1] = bytes.length;
    state = there;
  } finally {
    Atomics.store(head, 0, state);
    Atomics.notify(head, 0);
  }
}

/** The thread's side: reads at any place at once, which libraries that know only files need. */
export class SharedBytes {
  readonly #pages = new Map<number, Uint8Array>();
  readonly #head: Int32Array;
  readonly #piece: Uint8Array;

  constructor(readonly size: number, shared: SharedArrayBuffer, private readonly ask: (fetch: Fetch) => void) {
    this.#head = new Int32Array(shared, 0, 2);
    this.#piece = new Uint8Array(shared, headBytes);
  }

  /** Fills the target with the bytes from a place on, as many as there are; gives how many. */
  read(target: Uint8Array, from: number): number {
    const length = Math.max(0, Math.min(target.length, this.size - from));
    for (let done = 0; done < length;) {
      const at = from + done, left = length - done;
      const part = left >= pageBytes ? this.#fetch(at, Math.min(at + left, this.size)) : this.#page(at);
      const taken = part.subarray(0, left);
      if (taken.length === 0) return done; // cut meanwhile
      target.set(taken, done);
      done += taken.length;
    }
    return length;
  }

  /** From a place on to the end of the page that it is in. */
  #page(at: number): Uint8Array {
    const number = Math.floor(at / pageBytes), start = number * pageBytes;
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = this.#fetch(start, Math.min(start + pageBytes, this.size)).slice();
      if (this.#pages.size >= maxPages) this.#pages.delete(this.#pages.keys().next().value!);
      this.#pages.set(number, page);
    }
    return page.subarray(at - start);
  }

  #fetch(from: number, to: number): Uint8Array {
    Atomics.store(this.#head, 0, waiting);
    this.ask({ fetch: { from, to: Math.min(to, from + this.#piece.length) } });
    Atomics.wait(this.#head, 0, waiting, patience);
    if (Atomics.load(this.#head, 0) === there) return this.#piece.subarray(0, this.#head[1]);
    throw new Error("the bytes can't be had");
  }
}
