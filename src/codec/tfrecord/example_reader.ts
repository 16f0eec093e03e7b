import { NDArray } from "../../module/ndarray.ts";
import type { Value } from "../../module/value.ts";
import { forEachFeature } from "./entries.ts";
import { NameCache } from "./name_cache.ts";
import { Room, vectorShape } from "./room.ts";
import { NoExample, tags, Wire } from "./wire.ts";

/** A row of a file of Examples: feature name to value. */
export type Row = Record<string, Value>;

/** Reads tf.train.Examples as rows, each in one pass over its bytes. */
export class ExampleReader {
  readonly #wire = new Wire();
  readonly #names = new NameCache();
  readonly #room = new Room();
  readonly #isText: (name: string) => boolean;

  /** @param isText whether a feature's bytes are to be given as text */
  constructor(isText: (name: string) => boolean) {
    this.#isText = isText;
  }

  /** The Example that stands there. @throws {NoExample} none does */
  read(bytes: Uint8Array, from: number, to: number): Row {
    this.#wire.bytes = bytes as Uint8Array<ArrayBuffer>;
    this.#wire.at = from;
    const row: Row = {};
    forEachFeature(this.#wire, this.#names, to, (name, to) => {
      const value = this.#feature(name, to);
      if (name === "__proto__") Object.defineProperty(row, name, { value, enumerable: true, writable: true });
      else row[name] = value;
    });
    return row;
  }

  /** A Feature: one list, or none. */
  #feature(name: string, to: number): Value {
    const wire = this.#wire;
    let value: Value = null;
    while (wire.at < to) {
      const tag = wire.number(), end = wire.end(to);
      if (tag === tags.first) value = this.#byteStrings(end, this.#isText(name));
      else if (tag === tags.second) value = this.#floats(end);
      else if (tag === tags.third) value = this.#integers(end);
      else throw new NoExample();
    }
    return value;
  }

  #byteStrings(to: number, asText: boolean): Value {
    const wire = this.#wire, items: Value[] = [];
    while (wire.at < to) {
      const end = wire.message(to);
      items.push(asText ? this.#names.decode(wire.bytes, wire.at, end) : this.#byteString(end));
      wire.at = end;
    }
    return items;
  }

  #byteString(to: number): NDArray {
    const bytes = this.#room.copy(this.#wire.bytes, this.#wire.at, to);
    return new NDArray("uint8", vectorShape(bytes.length), bytes);
  }

  #floats(to: number): NDArray {
    const wire = this.#wire, from = wire.at;
    let length = 0;
    while (wire.at < to) {
      const end = wire.floatsEnd(to);
      length += end - wire.at;
      wire.at = end;
    }
    const place = this.#room.take(length), { buffer } = this.#room;
    const bytes = new Uint8Array(buffer, place, length);
    wire.at = from;
    for (let at = 0; wire.at < to;) {
      const end = wire.floatsEnd(to);
      bytes.set(wire.bytes.subarray(wire.at, end), at);
      at += end - wire.at;
      wire.at = end;
    }
    return new NDArray("float32", vectorShape(length / 4), new Float32Array(buffer, place, length / 4));
  }

  #integers(to: number): NDArray {
    const wire = this.#wire, from = wire.at;
    let count = 0;
    while (wire.at < to) {
      const end = wire.integersEnd(to);
      for (let at = wire.at; at < end; at++) if (wire.bytes[at]! < 128) count++;
      wire.at = end;
    }
    const place = this.#room.take(8 * count), { buffer } = this.#room;
    const words = new Int32Array(buffer, place, 2 * count);
    wire.at = from;
    for (let i = 0; wire.at < to;) {
      for (const end = wire.integersEnd(to); wire.at < end; i += 2) wire.int64(words, i);
    }
    return new NDArray("int64", vectorShape(count), new BigInt64Array(buffer, place, count));
  }
}
