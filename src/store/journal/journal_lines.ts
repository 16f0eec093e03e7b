import { crc32 } from "node:zlib";
import { checksumLength, type JournalEntry, jsonOf } from "./journal_line.ts";

/** Lines that wait to be written. */
export interface Lines {
  readonly bytes: Uint8Array;
  readonly count: number;
}

const blockSize = 2 ** 18;
/** At most so many bytes of UTF-8 are of one of a string's units. */
const bytesOfUnit = 3;
const digits = new TextEncoder().encode("0123456789abcdef");
const encoder = new TextEncoder();

/**
 * Collects a journal's lines as bytes: `<crc32, 8 hexadecimal digits> <json>`, a newline after each. Texts that waited
 * would be moved about by every collection of garbage.
 */
export class JournalLines {
  #full: Uint8Array[] = [];
  #block = new Uint8Array();
  #used = 0;
  #size = 0;
  #count = 0;

  /** How many lines there are. */
  get count(): number {
    return this.#count;
  }
  /** How many bytes they take. */
  get size(): number {
    return this.#size;
  }

  /** Adds an entry's line. */
  add(entry: JournalEntry): void {
    const json = jsonOf(entry), from = this.#room(checksumLength + 2 + bytesOfUnit * json.length);
    const start = from + checksumLength + 1,
      end = start + encoder.encodeInto(json, this.#block.subarray(start)).written;
    const checksum = crc32(this.#block.subarray(start, end));
    for (let i = 0; i < checksumLength; i++) this.#block[from + i] = digits[checksum >>> 28 - 4 * i & 15]!;
    this.#block[start - 1] = 0x20;
    this.#block[end] = 0x0a;
    this.#used = end + 1;
    this.#size += this.#used - from;
    this.#count++;
  }

  /** All of them, which are then no longer here. */
  take(): Lines {
    const taken = { bytes: this.#joined(), count: this.#count };
    [this.#full, this.#size, this.#count] = [[], 0, 0];
    this.#block = this.#block.subarray(this.#used);
    this.#used = 0;
    return taken;
  }

  /** Puts some before the others. */
  putBack({ bytes, count }: Lines): void {
    this.#full.unshift(bytes);
    this.#size += bytes.length;
    this.#count += count;
  }

  #joined(): Uint8Array {
    const last = this.#block.subarray(0, this.#used);
    if (this.#full.length === 0) return last;
    const whole = new Uint8Array(this.#size);
    let at = 0;
    for (const part of [...this.#full, last]) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }

  /** Where so many bytes can be written. */
  #room(length: number): number {
    if (this.#used + length <= this.#block.length) return this.#used;
    if (this.#used > 0) this.#full.push(this.#block.subarray(0, this.#used));
    this.#block = new Uint8Array(Math.max(blockSize, length));
    return this.#used = 0;
  }
}
