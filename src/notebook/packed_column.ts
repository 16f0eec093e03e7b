import { decodeBase64, encodeBase64 } from "../module/base64.ts";

/**
 * Whole numbers as text: the differences from each to the next (the first from 0), and how often one is repeated:
 * `1,1,1,4` is `1 0*2 3`.
 */
export function packDeltas(numbers: readonly number[]): string {
  const runs: { delta: number; count: number }[] = [];
  let before = 0;
  for (const number of numbers) {
    const delta = number - before, last = runs.at(-1);
    if (last?.delta === delta) last.count++;
    else runs.push({ delta, count: 1 });
    before = number;
  }
  return runs.map(({ delta, count }) => count === 1 ? `${delta}` : `${delta}*${count}`).join(" ");
}

/** A column of more numbers than this is damaged: nobody keeps so many in a notebook. */
const most = 1_000_000;

/** The numbers that {@linkcode packDeltas} packed. @throws {SyntaxError} other text */
export function unpackDeltas(text: string): number[] {
  const numbers: number[] = [];
  let at = 0;
  for (const run of text === "" ? [] : text.split(" ")) {
    const [, delta, count = "1"] = /^(-?\d+)(?:\*(\d+))?$/.exec(run) ?? [];
    if (delta === undefined || numbers.length + Number(count) > most) throw damaged(run);
    for (let i = Number(count); i > 0; i--) numbers.push(at += Number(delta));
  }
  return numbers;
}

/**
 * Whole numbers that grow about as others do, by {@linkcode packDeltas}: where that is shorter, only what they are off
 * the line from 0 to their last one, whose slope stands before an `x`: `32x0*40`.
 */
export function packAlong(numbers: readonly number[], others: readonly number[]): string {
  const slope = (numbers.at(-1) ?? 0) / (others.at(-1) || 1);
  const [plain, along] = [packDeltas(numbers), packDeltas(numbers.map((n, i) => n - Math.round(slope * others[i]!)))];
  return plain.length <= along.length + `${slope}x`.length ? plain : `${slope}x${along}`;
}

/** The numbers that {@linkcode packAlong} packed. @throws {SyntaxError} other text */
export function unpackAlong(text: string, others: readonly number[]): number[] {
  const [, slope, rest] = /^([\d.e+-]+)x(.*)$/.exec(text) ?? [];
  if (slope === undefined) return unpackDeltas(text);
  return unpackDeltas(rest!).map((off, i) => off + Math.round(Number(slope) * (others[i] ?? NaN)));
}

/**
 * Numbers as base64 of little-endian floats: `f4:...` of 4 bytes each where that loses nothing or `exact` is false
 * (7 digits), else `f8:...` of 8.
 */
export function packFloats(numbers: readonly number[], exact: boolean): string {
  const single = Float32Array.from(numbers);
  if (!exact || numbers.every((number, i) => Object.is(number, single[i]))) return `f4:${base64(single)}`;
  return `f8:${base64(Float64Array.from(numbers))}`;
}

/** The numbers that {@linkcode packFloats} packed. @throws {SyntaxError} other text */
export function unpackFloats(text: string): number[] {
  const type = { "f4:": Float32Array, "f8:": Float64Array }[text.slice(0, 3)];
  const bytes = decodeBase64(text.slice(3));
  if (type === undefined || encodeBase64(bytes) !== text.slice(3) || bytes.length % type.BYTES_PER_ELEMENT !== 0) {
    throw damaged(text);
  }
  return [...new type(bytes.buffer)];
}

const base64 = (array: Float32Array | Float64Array) => encodeBase64(new Uint8Array(array.buffer));

const damaged = (text: string) =>
  new SyntaxError(`Cannot read a packed column: found ${JSON.stringify(text.slice(0, 40))}; the record is damaged`);
