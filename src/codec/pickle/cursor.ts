import { Buffer } from "node:buffer";
import { viewOf } from "../reading.ts";

/** The error for a pickle that can't be read. */
export const unreadable = (what: string): SyntaxError => new SyntaxError(`Cannot read pickle: ${what}`);

/** Bytes as text, each one letter. */
export const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");

/** A pickle's bytes, read from front to back; each read past the end is a SyntaxError. */
export class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  get at(): number {
    return this.#at;
  }
  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    return this.#bytes[this.#skip(1)]!;
  }
  uint16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }
  int32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }
  uint32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#skip(8), true));
  }
  /** A double, the highest byte first. */
  float64(): number {
    return this.#view.getFloat64(this.#skip(8));
  }
  /** The next so many bytes: a view of them. */
  take(length: number): Uint8Array {
    const from = this.#skip(length);
    return this.#bytes.subarray(from, from + length);
  }
  /** The text up to the next newline, each byte a letter. */
  line(): string {
    const end = this.#bytes.indexOf(10, this.#at);
    if (end < 0) throw unreadable(`a line that begins at byte ${this.#at} doesn't end; the file is cut off or damaged`);
    const text = latin1(this.take(end - this.#at));
    this.#at++;
    return text;
  }

  #skip(length: number): number {
    const from = this.#at;
    if (length < 0 || length > this.left) {
      throw unreadable(
        `${length} bytes should follow byte ${from}, found ${this.left}; the file is cut off or damaged`,
      );
    }
    this.#at += length;
    return from;
  }
}
