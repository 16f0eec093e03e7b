import type { Random } from "../../../src/module/random.ts";

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

/** Numbers at the edges of what a reader may count with. */
const edges = [0n, 1n, -1n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn, 2n ** 53n]
  .concat(
    [2n ** 62n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n],
  );
const words = [
  "-1",
  "0",
  "1e999",
  "99999999999999999999",
  "4294967296",
  "NaN",
  '"',
  "{",
  "[",
  "(",
  "'",
  "\0",
  "&a",
  "*a",
];

const at = (bytes: Uint8Array, random: Random) => random.below(Math.max(1, bytes.length));
/** Mostly short: whole structures are lost soon enough. */
const span = (bytes: Uint8Array, random: Random) =>
  1 + random.below(Math.min(bytes.length, 2 ** (1 + random.below(10))) || 1);

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  parts.reduce((start, part) => (whole.set(part, start), start + part.length), 0);
  return whole;
}

const replaced = (bytes: Uint8Array, from: number, to: number, by: Uint8Array) =>
  joined(bytes.subarray(0, from), by, bytes.subarray(to));

const flip: Mutation = (bytes, random) => {
  const result = bytes.slice();
  for (let n = 1 + random.below(4); n > 0 && result.length > 0; n--) result[at(bytes, random)]! ^= 1 << random.below(8);
  return result;
};

const overwrite: Mutation = (bytes, random) => {
  const result = bytes.slice(), where = at(bytes, random);
  for (let i = where; i < Math.min(bytes.length, where + span(bytes, random)); i++) result[i] = random.below(256);
  return result;
};

const truncate: Mutation = (bytes, random) => bytes.slice(0, at(bytes, random));

const remove: Mutation = (bytes, random) => {
  const where = at(bytes, random);
  return replaced(bytes, where, where + span(bytes, random), new Uint8Array());
};

const insert: Mutation = (bytes, random) => {
  const where = at(bytes, random), added = new Uint8Array(span(bytes, random)).map(() => random.below(256));
  return replaced(bytes, where, where, added);
};

const repeat: Mutation = (bytes, random) => {
  const where = at(bytes, random), part = bytes.subarray(where, where + span(bytes, random));
  return replaced(bytes, where, where, joined(...Array.from({ length: 1 + random.below(8) }, () => part)));
};

/** A part of another sample, in place of a part of this one. */
const splice: Mutation = (bytes, random, other) => {
  const from = at(other, random), where = at(bytes, random);
  return replaced(bytes, where, where + span(bytes, random), other.subarray(from, from + span(other, random)));
};

/** A number at an edge, in either byte order: a length, an offset, a count, sometimes. */
const number: Mutation = (bytes, random) => {
  const width = [1, 2, 4, 8][random.below(4)]!;
  if (bytes.length < width) return bytes.slice();
  const result = bytes.slice(), view = new DataView(result.buffer), little = random.below(2) === 0;
  const where = random.below(bytes.length - width + 1);
  const value = random.below(3) === 0 ? BigInt(bytes.length + random.below(5) - 2) : edges[random.below(edges.length)]!;
  if (width === 1) view.setUint8(where, Number(value & 255n));
  if (width === 2) view.setUint16(where, Number(value & 0xffffn), little);
  if (width === 4) view.setUint32(where, Number(value & 0xffffffffn), little);
  if (width === 8) view.setBigUint64(where, BigInt.asUintN(64, value), little);
  return result;
};

/** What is there, a little more or less. */
const nudge: Mutation = (bytes, random) => {
  const result = bytes.slice();
  if (result.length > 0) result[at(bytes, random)]! += random.below(2) === 0 ? 1 : -1;
  return result;
};

/** Digits in a text, or any place, replaced by a word that means something. */
const word: Mutation = (bytes, random) => {
  const digits: number[] = [];
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! >= 0x30 && bytes[i]! <= 0x39) digits.push(i);
  const where = digits.length > 0 ? digits[random.below(digits.length)]! : at(bytes, random);
  return replaced(bytes, where, where + 1, new TextEncoder().encode(words[random.below(words.length)]!));
};

const mutations = [
  flip,
  flip,
  overwrite,
  truncate,
  remove,
  insert,
  repeat,
  splice,
  number,
  number,
  number,
  nudge,
  word,
];
const longest = 1 << 16;

/** One to three changes to some bytes, as the random stream has it. */
export function mutate(bytes: Uint8Array, random: Random, samples: readonly Uint8Array[]): Uint8Array {
  let result = bytes;
  for (let n = 1 + random.below(3); n > 0; n--) {
    const other = samples[random.below(samples.length)]!;
    result = mutations[random.below(mutations.length)]!(result, random, other).subarray(0, longest);
  }
  return result.slice();
}
