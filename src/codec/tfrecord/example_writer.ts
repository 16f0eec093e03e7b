import type { Value } from "../../module/value.ts";
import { type Feature, toFeature } from "./feature.ts";
import { writeFrames } from "./frames.ts";

/** A feature with its name, and the sizes of the messages that nest in one another: list, Feature, entry. */
interface Part {
  readonly name: Uint8Array;
  readonly feature: Feature;
  /** Bytes of the list's content. */
  readonly content: number;
  /** Bytes of the list: its packed content behind tag and length; bytes lists have these with every item. */
  readonly list: number;
  readonly inner: number;
  readonly entry: number;
}

/** Rows as a file of tf.train.Examples. @throws {TypeError} what no Feature can hold, named by row and feature */
export function writeExamples(rows: readonly { readonly [name: string]: Value }[]): Uint8Array {
  const names = new Map<string, Uint8Array>(), encoder = new TextEncoder();
  const known = (name: string) => {
    if (!names.has(name)) names.set(name, encoder.encode(name));
    return names.get(name)!;
  };
  const examples = rows.map((row, i) =>
    Object.keys(row).map((name) => partOf(known(name), toFeature(row[name]!, name, i)))
  );
  const features = examples.map((parts) => parts.reduce((sum, { entry }) => sum + nested(entry), 0));
  return writeFrames(features.map(nested), (i, bytes, at) => {
    const writer = new ProtoWriter(bytes, at);
    writer.head(1, features[i]!);
    for (const part of examples[i]!) writePart(writer, part);
  });
}

function partOf(name: Uint8Array, feature: Feature): Part {
  const content = contentSize(feature);
  const packed = feature.field === 2 || feature.field === 3;
  const list = packed && content > 0 ? nested(content) : content;
  const inner = feature.field === 0 ? 0 : nested(list);
  return { name, feature, content, list, inner, entry: nested(name.length) + nested(inner) };
}

function writePart(writer: ProtoWriter, { name, feature, content, list, inner, entry }: Part): void {
  writer.head(1, entry);
  writer.field(1, name);
  writer.head(2, inner);
  if (feature.field === 0) return;
  writer.head(feature.field, list);
  if (feature.field === 1) { for (const item of feature.items) writer.field(1, item); }
  else if (content > 0 && feature.field === 2) writer.field(1, feature.bytes);
  else if (content > 0 && feature.field === 3) {
    writer.head(1, content);
    writer.integers(feature.words);
  }
}

function contentSize(feature: Feature): number {
  if (feature.field === 0) return 0;
  if (feature.field === 1) return feature.items.reduce((sum, { length }) => sum + nested(length), 0);
  if (feature.field === 2) return feature.bytes.length;
  let size = 0;
  for (let i = 0; i < feature.words.length; i += 2) size += wordsSize(feature.words[i]!, feature.words[i + 1]!);
  return size;
}

/** Bytes of a message in a field of a number below 16: a tag, the length, and so many bytes. */
const nested = (length: number): number => 1 + numberSize(length) + length;

function numberSize(value: number): number {
  let size = 1;
  for (; value >= 128; value = Math.floor(value / 128)) size++;
  return size;
}

/** Bytes of a number of 64 bits, given as two words, in groups of seven bits. */
function wordsSize(low: number, high: number): number {
  const bits = high === 0 ? 32 - Math.clz32(low) : 64 - Math.clz32(high);
  return Math.max(1, Math.ceil(bits / 7));
}

/** Writes protocol buffers' fields into bytes, from one place on. */
class ProtoWriter {
  readonly #bytes: Uint8Array;
  #at: number;
  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** The beginning of a field of so many bytes. */
  head(field: number, length: number): void {
    this.#bytes[this.#at++] = field << 3 | 2;
    while (length >= 128) {
      this.#bytes[this.#at++] = length % 128 | 128;
      length = Math.floor(length / 128);
    }
    this.#bytes[this.#at++] = length;
  }
  field(field: number, bytes: Uint8Array): void {
    this.head(field, bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }
  /** Numbers of 64 bits, each given as two words. */
  integers(words: Int32Array): void {
    for (let i = 0; i < words.length; i += 2) {
      let low = words[i]! >>> 0, high = words[i + 1]! >>> 0;
      while (high !== 0 || low > 127) {
        this.#bytes[this.#at++] = low & 127 | 128;
        low = (low >>> 7 | high << 25) >>> 0;
        high >>>= 7;
      }
      this.#bytes[this.#at++] = low;
    }
  }
}
