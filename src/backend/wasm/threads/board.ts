/** What is in which number of the memory through which threads are told what to do. */
export const place = {
  /** Counts the rounds: a thread works when it changes. */
  round: 0,
  /** How many threads have still to finish this round. */
  pending: 1,
  /** How many threads have started. */
  ready: 2,
  /** Set when they are to end. */
  over: 3,
} as const;

/** Numbers before those of the first thread. */
const head = 16;
/** Numbers of each thread: which function, how many arguments, and, as doubles, those. */
const each = 64;
/** The most arguments that a function may have. */
const mostArguments = (each - 2) / 2 - 1;

/** Bytes for so many threads. */
export const boardBytes = (threads: number): number => 4 * (head + threads * each);

/** A thread's part of the board. */
export class Desk {
  readonly #numbers: Int32Array;
  readonly #values: Float64Array;

  constructor(board: SharedArrayBuffer, thread: number) {
    const start = 4 * (head + thread * each);
    this.#numbers = new Int32Array(board, start, 2);
    this.#values = new Float64Array(board, start + 8, mostArguments);
  }

  /** Puts down a call; -1 is none. */
  put(which: number, values: readonly number[] = []): void {
    if (values.length > mostArguments) throw new RangeError(`Cannot call with ${values.length} arguments`);
    this.#numbers[0] = which;
    this.#numbers[1] = values.length;
    this.#values.set(values);
  }

  /** The call that lies there. */
  take(): [which: number, values: Float64Array] {
    return [this.#numbers[0]!, this.#values.subarray(0, this.#numbers[1])];
  }
}
