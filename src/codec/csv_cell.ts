import { isNDArray } from "../module/ndarray.ts";
import type { Value } from "../module/value.ts";
import { wholeNumber } from "./table.ts";

/** `007` is a name. */
const number = /^-?(?!0\d)(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const date = /^(\d{4}|[+-]\d{6})-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;
/** To read one with more digits takes long. */
const maxDigits = 1000;

const words: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
  ...["NaN", "nan"].map((word) => [word, NaN] as const),
  ...["Infinity", "inf"].map((word) => [word, Infinity] as const),
  ...["-Infinity", "-inf"].map((word) => [word, -Infinity] as const),
]);

/**
 * What a cell without quotes means: nothing is null; `true`, `false`, `NaN`, `inf` and numbers are what they say (a whole
 * number beyond 2^53 a bigint); a time in UTC as ISO 8601 writes it is a Date; all else is text.
 */
export function readCell(text: string): Value {
  if (text === "") return null;
  const first = text.charCodeAt(0), isLetter = first > 57;
  if (isLetter) return words.has(text) ? words.get(text)! : text;
  if (text.length <= maxDigits && number.test(text)) {
    const value = Number(text), isExact = Number.isSafeInteger(value) || !/^-?\d+$/.test(text);
    return isExact ? value : wholeNumber(BigInt(text));
  }
  const time = text.length >= 20 && date.test(text) ? new Date(text) : undefined;
  return time === undefined || Number.isNaN(time.getTime()) ? words.get(text) ?? text : time;
}

/** A cell as text, in quotes where it would mean something else without. @throws {TypeError} an NDArray */
export function writeCell(cell: Value, separator: string, where: string): string {
  if (cell === null) return "";
  if (typeof cell === "string") {
    return readCell(cell) !== cell ? quoted(cell) : plain(cell, separator);
  }
  if (typeof cell === "number") return writeNumber(cell);
  if (cell instanceof Date) return cell.toISOString();
  if (typeof cell === "bigint" && `${cell}`.length > maxDigits) {
    throw new RangeError(`Cannot write csv: ${where} is a bigint of more than ${maxDigits} digits; write it as text`);
  }
  if (!isNDArray(cell)) return `${cell}`;
  throw new TypeError(`Cannot write csv: ${where} is an NDArray; a cell is one value: write it as .parquet or .json`);
}

/** Text that means itself, in quotes where it holds what ends a cell. */
export function plain(text: string, separator: string): string {
  return /["\r\n\ufeff]/.test(text) || text.includes(separator) ? quoted(text) : text;
}

/** Text in quotes. */
export const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** A number that is whole but no longer exact has an exponent, by which it is told from a bigint. */
function writeNumber(value: number): string {
  if (Object.is(value, -0)) return "-0";
  return Number.isInteger(value) && Math.abs(value) > 2 ** 53 ? value.toExponential() : `${value}`;
}
