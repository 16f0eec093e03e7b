import { isNDArray, type NDArray } from "../../module/ndarray.ts";
import type { Value } from "../../module/value.ts";
import { ByteWriter } from "../byte_writer.ts";
import { descrOf } from "../npy_header.ts";
import { dateTimeState } from "./dates.ts";
import { encodeLong } from "./numbers.ts";
import { encodeUtf8 } from "./surrogates.ts";
import { isTag } from "./tags.ts";

/** Writes one Value as a pickle of protocol 4, by its opcodes' letters. */
export class PickleWriter {
  readonly #out = new ByteWriter();
  /** Texts and globals that are written once, and where the reader remembers them. */
  readonly #memo = new Map<string, number>();

  /** The pickle in parts: its protocol, one frame, the value. */
  write(value: Value): Uint8Array[] {
    this.#value(value);
    this.#op(".");
    const head = new ByteWriter();
    head.bytes(Uint8Array.of(0x80, 4, 0x95));
    head.uint64(this.#out.length);
    return [...head.parts(), ...this.#out.parts()];
  }

  #value(value: Value): void {
    if (value === null) this.#op("N");
    else if (value === undefined) this.#record({ $undefined: true });
    else if (typeof value === "boolean") this.#op(value ? "\x88" : "\x89");
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "bigint") this.#bigint(value);
    else if (typeof value === "string") this.#text(value);
    else if (value instanceof Date) this.#date(value);
    else if (isNDArray(value)) this.#array(value);
    else if (Array.isArray(value)) this.#list(value);
    else this.#guarded(value as { readonly [key: string]: Value });
  }

  #number(value: number): void {
    const whole = Number.isSafeInteger(value) && !Object.is(value, -0);
    if (!whole) {
      this.#op("G");
      this.#out.float64BigEndian(value);
    } else if (value >= 0 && value < 256) {
      this.#op("K");
      this.#out.byte(value);
    } else if (value === (value | 0)) {
      this.#op("J");
      this.#out.uint32(value);
    } else {
      const bytes = encodeLong(BigInt(value));
      this.#op("\x8a");
      this.#out.byte(bytes.length);
      this.#out.bytes(bytes);
    }
  }

  /** By LONG4 also where fewer bytes would do: so the reader knows a bigint from a number. */
  #bigint(value: bigint): void {
    const bytes = encodeLong(value);
    this.#op("\x8b");
    this.#out.uint32(bytes.length);
    this.#out.bytes(bytes);
  }

  #text(text: string): void {
    const bytes = encodeUtf8(text);
    this.#sized(["\x8c", "X", "\x8d"], bytes);
  }

  /** As `datetime.datetime(state, timezone.utc)`. */
  #date(date: Date): void {
    const state = dateTimeState(date);
    if (state === undefined) return this.#record({ $date: date.toISOString() });
    this.#global("datetime", "datetime");
    this.#bytes(state);
    this.#global("datetime", "timezone");
    this.#global("datetime", "timedelta");
    this.#op(")R\x85R\x86R");
  }

  /** As `_reconstruct(ndarray, (0,), b"b")` and its state: names that numpy 1 and 2 know. */
  #array(array: NDArray): void {
    const [order, ...code] = descrOf(array.dtype);
    this.#global("numpy.core.multiarray", "_reconstruct");
    this.#global("numpy", "ndarray");
    this.#number(0);
    this.#op("\x85");
    this.#bytes(Uint8Array.of(0x62));
    this.#op("\x87R(");
    this.#number(1);
    this.#op("(");
    for (const length of array.shape) this.#number(length);
    this.#op("t");
    this.#global("numpy", "dtype");
    this.#text(code.join(""));
    this.#op("\x89\x88\x87R(");
    this.#number(3);
    this.#text(order!);
    this.#op("NNN");
    this.#number(-1);
    this.#number(-1);
    this.#number(0);
    this.#op("tb\x89");
    this.#bytes(array.bytes);
    this.#op("tb");
  }

  #list(items: readonly Value[]): void {
    this.#op("]");
    if (items.length === 0) return;
    this.#op("(");
    for (const item of items) this.#value(item);
    this.#op("e");
  }

  #guarded(record: { readonly [key: string]: Value }): void {
    if (!isTag(Object.keys(record))) return this.#record(record);
    this.#op("}(");
    this.#known("$record", () => this.#text("$record"));
    this.#record(record);
    this.#op("u");
  }

  #record(record: { readonly [key: string]: Value }): void {
    this.#op("}");
    const entries = Object.entries(record);
    if (entries.length === 0) return;
    this.#op("(");
    for (const [key, item] of entries) {
      this.#known(key, () => this.#text(key));
      this.#value(item);
    }
    this.#op("u");
  }

  #global(module: string, name: string): void {
    this.#known(`${module}\n${name}\n`, () => {
      this.#text(module);
      this.#text(name);
      this.#op("\x93");
    });
  }

  /** Writes an object, or where it is remembered if it was written before. */
  #known(id: string, write: () => void): void {
    const number = this.#memo.get(id);
    if (number === undefined) {
      write();
      this.#op("\x94");
      this.#memo.set(id, this.#memo.size);
    } else if (number < 256) {
      this.#op("h");
      this.#out.byte(number);
    } else {
      this.#op("j");
      this.#out.uint32(number);
    }
  }

  #bytes(bytes: Uint8Array): void {
    this.#sized(["C", "B", "\x8e"], bytes);
  }

  /** Bytes behind their length in 1, 4 or 8 bytes, each by an opcode of its own. */
  #sized([short, long, longest]: readonly [string, string, string], bytes: Uint8Array): void {
    if (bytes.length < 256) {
      this.#op(short);
      this.#out.byte(bytes.length);
    } else if (bytes.length < 2 ** 32) {
      this.#op(long);
      this.#out.uint32(bytes.length);
    } else {
      this.#op(longest);
      this.#out.uint64(bytes.length);
    }
    this.#out.bytes(bytes);
  }

  #op(letters: string): void {
    for (let i = 0; i < letters.length; i++) this.#out.byte(letters.charCodeAt(i));
  }
}
