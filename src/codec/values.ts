import { decodeValue, encodeValue, isRecord, isValue, type Json, type Value } from "../module/value.ts";

/** Values nested deeper than this are not written: a cycle, most often. */
export const maxDepth = 500;

/** UTF-8 bytes as text, without a byte order mark. @throws {SyntaxError} bytes that are not UTF-8 */
export function decodeText(bytes: Uint8Array, format: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SyntaxError(`Cannot read ${format}: the bytes are not UTF-8 text; save the file as UTF-8`, { cause });
  }
}

/** A value as JSON with tags. @throws {TypeError} what is not a Value, named by its path */
export function encode(value: Value, format: string): Json {
  checkValue(value, format);
  return encodeValue(value);
}

/** @throws {TypeError} what is not a Value, or nested deeper than {@linkcode maxDepth}, named by its path */
export function checkValue(value: Value, format: string): void {
  const found = findForeign(value, 0);
  if (found === undefined) return;
  const where = found.path.length === 0 ? "the value" : `"${found.path.reverse().join(".")}"`;
  throw new TypeError(`Cannot write ${format}: ${where} is ${found.what}; it holds plain values, dates and NDArrays`);
}

/** JSON with tags as a value. @throws {SyntaxError} a tag that is unknown or damaged */
export function decode(json: Json, format: string): Value {
  try {
    return decodeValue(json);
  } catch (cause) {
    throw new SyntaxError(`Cannot read ${format}: ${reason(cause)}`, { cause });
  }
}

/** Why reading failed, in words for the reader of an error. */
export function reason(cause: unknown): string {
  const { message } = cause as Error;
  return /call stack/.test(message) ? "it is nested too deeply" : message;
}

/** Longer ones take long to read. */
const maxDigits = 1000;

/**
 * A whole number that stands in a text: a bigint where it would lose digits as a number, as Python's may. What JavaScript
 * itself writes of a number stays one.
 */
export function wholeIn(source: string, value: number): number | bigint {
  if (Number.isSafeInteger(value) || source.length > maxDigits || `${value}` === source) return value;
  return /^([+-]?\d+|0x[\da-f]+)$/i.test(source) ? BigInt(source) : value;
}

interface Foreign {
  /** Keys from the innermost out, the first twenty levels'. */
  path: string[];
  what: string;
}

function findForeign(value: unknown, depth: number): Foreign | undefined {
  if (depth > maxDepth) return { path: [], what: `nested deeper than ${maxDepth} (a cycle?)` };
  if (Array.isArray(value)) return findIn(value.entries(), depth);
  if (isRecord(value)) return findIn(Object.entries(value), depth);
  if (value instanceof Date && Number.isNaN(value.getTime())) return { path: [], what: "an invalid Date" };
  return isValue(value) ? undefined : { path: [], what: nameOf(value) };
}

function findIn(entries: Iterable<[string | number, unknown]>, depth: number): Foreign | undefined {
  for (const [key, item] of entries) {
    const found = findForeign(item, depth + 1);
    if (found === undefined) continue;
    if (depth < 20) found.path.push(`${key}`);
    return found;
  }
}

/** A value's kind in words: `a string`, `a Map`, `null`. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) return `${value}`;
  const name = typeof value === "object" ? value.constructor?.name ?? "Object" : typeof value;
  return `${/^[aeiou]/i.test(name) ? "an" : "a"} ${name}`;
}

/** A name out of a file for a message: its first hundred letters. */
export const brief = (name: string): string => name.length > 100 ? `${name.slice(0, 100)}...` : name;
