import type { GivenItem, Item } from "../batch.ts";

/** Begins a source. */
export type Begin<R> = (
  round: R,
) => Iterable<GivenItem> | AsyncIterable<GivenItem> | Iterator<GivenItem> | AsyncIterator<GivenItem>;

/** What is read, and how. */
export interface Stream {
  readonly begin: Begin<number>;
  /** @throws an item that is none */
  check(item: unknown, i: number): Item;
  /** For an error. */
  readonly name: string;
  /** Whether it is begun again when it ends. */
  readonly endless: boolean;
  /** What the items follow from: what was begun before another was assigned is no place to go on. */
  key(): number;
}

interface Cursor {
  readonly pass: number;
  readonly key: number;
  iterator: Iterator<GivenItem> | AsyncIterator<GivenItem>;
  round: number;
  /** Number of the item that comes next. */
  at: number;
  /** The number that the first item of the round had. */
  began: number;
  /** Items that were looked at and not read yet. */
  readonly ahead: unknown[];
  ended: boolean;
}

/** How many places in a source are kept open at a time: training goes on beside validation. */
const mostCursors = 2;

/**
 * Items of a source by their numbers, though it gives them only one after another: forward from where it was read last,
 * or from the beginning once more. Readings wait for one another.
 */
export class StreamReader {
  readonly #stream: Stream;
  /** Those used last at the end. */
  #cursors: Cursor[] = [];
  #latest: Promise<unknown> = Promise.resolve();
  readonly #begun = new WeakSet<object>();

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  /** The items of these numbers, as far as the source has them. */
  read(numbers: ArrayLike<number>, pass: number): Promise<Item[]> {
    const reading = this.#latest.then(() => this.#read(numbers, pass));
    this.#latest = reading.catch(() => {});
    return reading;
  }

  /** The first items, or fewer where there are fewer; they are still to be read. */
  async peek(count: number): Promise<Item[]> {
    const cursor = await this.#cursorAt(0, 0);
    while (cursor.ahead.length < count) {
      const { done, value } = await cursor.iterator.next();
      if (done) break;
      cursor.ahead.push(value);
    }
    return cursor.ahead.map((item, i) => this.#stream.check(item, i));
  }

  /** Ends what was begun of the source, after what is being read. */
  close(): Promise<void> {
    const closing = this.#latest.then(async () => {
      for (const cursor of this.#cursors.splice(0)) await end(cursor);
    });
    this.#latest = closing.catch(() => {});
    return closing;
  }

  async #read(numbers: ArrayLike<number>, pass: number): Promise<Item[]> {
    const wanted = [...new Set(Array.from(numbers))].sort((a, b) => a - b), found = new Map<number, Item>();
    if (wanted.length === 0) return [];
    const cursor = await this.#cursorAt(pass, wanted[0]!);
    try {
      for (const number of wanted) {
        while (cursor.at < number && !cursor.ended) await this.#next(cursor);
        const item = cursor.ended ? undefined : await this.#next(cursor);
        if (item === undefined) break;
        found.set(number, this.#stream.check(item, number));
      }
    } catch (error) {
      this.#cursors = this.#cursors.filter((one) => one !== cursor);
      throw error;
    }
    return Array.from(numbers, (number) => found.get(number)).filter((item) => item !== undefined);
  }

  /** The item that comes next; undefined at the end. @throws {RangeError} a round without any */
  async #next(cursor: Cursor): Promise<GivenItem | undefined> {
    for (;;) {
      const { done, value } = cursor.ahead.length > 0
        ? { done: false, value: cursor.ahead.shift() as GivenItem }
        : await cursor.iterator.next();
      if (!done) {
        cursor.at++;
        return value;
      }
      if (!this.#stream.endless) {
        cursor.ended = true;
        return undefined;
      }
      if (cursor.at === cursor.began) {
        throw new RangeError(`Cannot go on with ${this.#stream.name}: its source gave no item; check the source`);
      }
      cursor.began = cursor.at;
      cursor.iterator = this.#begin(++cursor.round);
    }
  }

  /** The nearest place that isn't beyond an item, or the beginning. */
  async #cursorAt(pass: number, number: number): Promise<Cursor> {
    const key = this.#stream.key();
    const fitting = this.#cursors.filter((one) => one.pass === pass && one.key === key && one.at <= number);
    let cursor = fitting.sort((a, b) => b.at - a.at)[0];
    if (cursor === undefined) {
      const round = this.#stream.endless ? 0 : pass;
      cursor = { pass, key, iterator: this.#begin(round), round, at: 0, began: 0, ahead: [], ended: false };
    }
    this.#cursors = [...this.#cursors.filter((one) => one !== cursor), cursor];
    while (this.#cursors.length > mostCursors) await end(this.#cursors.shift()!);
    return cursor;
  }

  /** @throws {TypeError} a source that can be gone through only once, and was begun before */
  #begin(round: number): Cursor["iterator"] {
    const iterator = iteratorOf(this.#stream.begin(round));
    if (!this.#begun.has(iterator)) {
      this.#begun.add(iterator);
      return iterator;
    }
    throw new TypeError(
      `Cannot begin ${this.#stream.name} again: its source can be gone through only once; give the function that makes it`,
    );
  }
}

function iteratorOf(source: ReturnType<Begin<number>>): Cursor["iterator"] {
  if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
  return Symbol.iterator in source ? source[Symbol.iterator]() : source;
}

/** Lets go of a place in a source. */
async function end({ iterator, ended }: Cursor): Promise<void> {
  if (!ended) await iterator.return?.();
}
