import { NDArray } from "../../module/ndarray.ts";
import type { Value } from "../../module/value.ts";
import type { Cells } from "../table.ts";
import { brief } from "../values.ts";
import { Growing } from "./growing.ts";
import { NoExample, tags, type Wire } from "./wire.ts";

/** The kinds of list that a Feature can be, by their tags. */
const kinds: Readonly<Record<number, string>> = {
  [tags.first]: "bytes",
  [tags.second]: "float32",
  [tags.third]: "int64",
};

/** One feature of all rows, its values one after the other. */
export class Column {
  readonly #name: string;
  readonly #data = new Growing();
  /** Where each row's values begin, in values; and, for bytes, where each of these begins, in bytes. */
  readonly #rows: number[] = [];
  readonly #items: number[] = [];
  readonly #missing = new Set<number>();
  readonly #pair = new Int32Array(2);
  #kind = 0;

  /** @param rows how many rows went before the first one that has it */
  constructor(name: string, rows: number) {
    this.#name = name;
    for (let row = 0; row < rows; row++) this.skip();
  }

  /** How many rows there are. */
  get length(): number {
    return this.#rows.length;
  }

  /** A row without it. */
  skip(): void {
    this.#missing.add(this.#rows.length);
    this.#rows.push(this.#count);
  }

  /** The next row's Feature, which stands there. */
  add(wire: Wire, to: number): void {
    if (wire.at === to) return this.skip();
    const tag = wire.number(), end = wire.end(to);
    if (end !== to || !(tag in kinds)) throw new NoExample();
    if (this.#kind === 0) this.#kind = tag;
    else if (this.#kind !== tag) {
      throw new SyntaxError(
        `Cannot read tfrecord: "${brief(this.#name)}" is ${kinds[this.#kind]} at first and ${kinds[tag]} in row ` +
          `${this.#rows.length}, which is no column; read it as rows`,
      );
    }
    this.#rows.push(this.#count);
    if (tag === tags.first) this.#addBytes(wire, end);
    else if (tag === tags.second) this.#addFloats(wire, end);
    else this.#addIntegers(wire, end);
  }

  /**
   * The column. Equally many numbers in each row are an NDArray `[rows, numbers]`, one in each `[rows]`; so are equally long
   * bytes, one string of them in each row, unless they are to be text. Anything else is a list with a cell for each row.
   */
  finish(asText: boolean): Cells {
    const width = this.#width(this.#rows, this.#count);
    const isBytes = this.#kind === tags.first, isOne = width === 1;
    if (!isBytes && width !== undefined) {
      return this.#numbers(0, this.#count, isOne ? [this.length] : [this.length, width]);
    }
    const bytes = isBytes && isOne && !asText ? this.#width(this.#items, this.#data.length) : undefined;
    if (bytes !== undefined) return new NDArray("uint8", [this.length, bytes], this.#data.bytes());
    return this.#rows.map((from, row) => {
      if (this.#missing.has(row)) return null;
      const to = this.#rows[row + 1] ?? this.#count;
      if (!isBytes) return this.#numbers(from, to, [to - from]);
      return isOne
        ? this.#cell(from, asText)
        : Array.from({ length: to - from }, (_, i) => this.#cell(from + i, asText));
    });
  }

  /** How many values there are. */
  get #count(): number {
    if (this.#kind === tags.first) return this.#items.length;
    return this.#data.length / (this.#kind === tags.second ? 4 : 8);
  }

  /** By how much each of these begins after the one before, if that is always the same. */
  #width(starts: readonly number[], end: number): number | undefined {
    if (this.#missing.size > 0) return undefined;
    const width = end / starts.length;
    return starts.every((start, i) => start === i * width) ? width : undefined;
  }

  #numbers(from: number, to: number, shape: readonly number[]): NDArray {
    if (this.#kind === tags.second) {
      return new NDArray("float32", shape, new Float32Array(this.#data.bytes(4 * from, 4 * to).buffer));
    }
    return new NDArray("int64", shape, new BigInt64Array(this.#data.bytes(8 * from, 8 * to).buffer));
  }

  #cell(item: number, asText: boolean): Value {
    const bytes = this.#data.bytes(this.#items[item], this.#items[item + 1]);
    return asText
      ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes)
      : new NDArray("uint8", [bytes.length], bytes);
  }

  #addBytes(wire: Wire, to: number): void {
    while (wire.at < to) {
      const end = wire.message(to);
      this.#items.push(this.#data.length);
      this.#data.add(wire.bytes, wire.at, end);
      wire.at = end;
    }
  }

  #addFloats(wire: Wire, to: number): void {
    while (wire.at < to) {
      const end = wire.floatsEnd(to);
      this.#data.add(wire.bytes, wire.at, end);
      wire.at = end;
    }
  }

  #addIntegers(wire: Wire, to: number): void {
    while (wire.at < to) {
      for (const end = wire.integersEnd(to); wire.at < end;) {
        wire.int64(this.#pair, 0);
        this.#data.addWords(this.#pair[0]!, this.#pair[1]!);
      }
    }
  }
}
