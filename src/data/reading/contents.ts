import { rest } from "../../module/file.ts";
import { isNDArray, NDArray, sizeOf, type TypedArray } from "../../module/ndarray.ts";
import { quoted, suggest } from "../../module/text.ts";
import { isRecord, mapRecord, type Value } from "../../module/value.ts";
import { concatenated } from "./concatenated.ts";
import { type Column, columnsOf, isRows, joinColumns, type Row } from "./columns.ts";

/** What a file was found to hold. */
export interface Contents {
  /** Where it lies, for messages. */
  readonly name: string;
  readonly value: Value;
  /** Whether the value is a table by its columns. */
  readonly columns?: boolean;
}

/** Whether a value is a record of NDArrays, and nothing else. */
export const isArrays = (value: Value): value is Record<string, NDArray> =>
  isRecord(value) && Object.keys(value).length > 0 && Object.values(value).every(isNDArray);

/**
 * Only the arrays or columns of some names, in the order of the names.
 *
 * @throws {RangeError} there is none of a name, with those there are; @throws {TypeError} what has no names
 */
export function pick({ name, value }: Contents, only: readonly string[] | undefined): Value {
  if (only === undefined) return value;
  if (isRows(value)) {
    const known = Object.keys(value[0] ?? {});
    if (value.length > 0) checkNames(name, only, known, "column");
    if (known.length <= only.length) return value; // its codec left the others out
    return value.map((row) => pickFrom(row, only));
  }
  if (isRecord(value)) {
    checkNames(name, only, Object.keys(value), "array");
    return pickFrom(value as Record<string, Value>, only) as Value;
  }
  throw noNames(name, only, describe(value));
}

/** The error for a name that somebody wants of what has none. */
export const noNames = (file: string, only: readonly string[], what: string): TypeError =>
  new TypeError(`Cannot read only ${quoted(only)} of "${file}": it holds ${what} without a name; leave out the name`);

const pickFrom = <T>(record: Readonly<Record<string, T>>, only: readonly string[]): Record<string, T> =>
  Object.fromEntries(only.map((key) => [key, record[key]!]));

/** @throws {RangeError} a name that is not known, with what was probably meant */
export function checkNames(file: string, only: readonly string[], known: readonly string[], what: string): void {
  const missing = only.find((name) => !known.includes(name));
  if (missing === undefined) return;
  throw new RangeError(
    `Cannot find the ${what} "${missing}" in "${file}": ${suggest(missing, known.filter((key) => key !== rest))}`,
  );
}

/**
 * The contents of several files as one: tables row after row, NDArrays and records of NDArrays joined along their first
 * dimension; or why they can't be: they differ, or are nothing of the kind.
 */
export function join(files: readonly Contents[]): { readonly value: Value } | { readonly reason: string } {
  const [first] = files as readonly [Contents, ...Contents[]];
  const reason = whyNot(files);
  if (reason !== undefined) return { reason };
  if (files.some(({ columns }) => columns)) return { value: joinColumns(files.map(tableOf)) as Value };
  if (isRows(first.value)) return { value: files.flatMap(({ value }) => value as Row[]) };
  if (isNDArray(first.value)) return { value: concatenated(files.map(({ value }) => value as NDArray)) };
  const records = files.map(({ value }) => value as Record<string, NDArray>);
  return { value: mapRecord(records[0]!, (_, key) => concatenated(records.map((record) => record[key]!))) };
}

/** A table by its columns, also where it came as rows. */
const tableOf = ({ value }: Contents): Record<string, Column> =>
  isRows(value) ? columnsOf(value) : value as Record<string, Column>;

function whyNot(files: readonly Contents[]): string | undefined {
  const looks = files.map(lookOf), [first] = files as readonly [Contents, ...Contents[]];
  const other = looks.findIndex((look) => look === undefined);
  if (other >= 0) return `"${files[other]!.name}" holds ${describe(files[other]!.value)}`;
  const [wanted] = looks.filter((look) => look !== "");
  const differing = looks.findIndex((look) => look !== "" && look !== wanted);
  if (differing < 0) return undefined;
  return `"${first.name}" has ${wanted}, "${files[differing]!.name}" has ${looks[differing]}`;
}

/** What must be equal in files that are to be one, in words; undefined for what can't be joined, empty for no rows. */
function lookOf({ value, columns }: Contents): string | undefined {
  if (columns) return `the columns ${namesOf(Object.keys(value as Record<string, Column>))}`;
  if (isRows(value)) {
    return value.length === 0 ? "" : `the columns ${namesOf(value.flatMap((row) => Object.keys(row)))}`;
  }
  if (isNDArray(value)) return itemsOf(value);
  if (!isArrays(value)) return undefined;
  const items = Object.entries(value).map(([key, array]) => [key, itemsOf(array)] as const);
  if (items.some(([, look]) => look === undefined)) return undefined;
  return `the arrays ${
    items.sort(([a], [b]) => a < b ? -1 : 1).map(([key, look]) => `"${key}" of ${look}`).join(", ")
  }`;
}

const namesOf = (names: readonly string[]): string => [...new Set(names)].sort().map((name) => `"${name}"`).join(", ");

const itemsOf = ({ dtype, shape }: NDArray): string | undefined =>
  shape.length === 0 ? undefined : `items of ${dtype} [${shape.slice(1).join(", ")}]`;

/** The items from one up to another of an array; shares its data. */
export function slice(array: NDArray, from: number, to: number): NDArray {
  const [length = 0, ...item] = array.shape, width = sizeOf(item), end = Math.min(to, length);
  return new NDArray(array.dtype, [end - from, ...item], array.data.subarray(from * width, end * width) as TypedArray);
}

/** A value's kind, in words. */
export function describe(value: Value): string {
  if (isNDArray(value)) return `one array of shape [${value.shape.join(", ")}]`;
  if (isRows(value)) return `${value.length} rows`;
  if (isRecord(value)) return `a record of ${quoted(Object.keys(value)) || "nothing"}`;
  return Array.isArray(value) ? "a list" : value === null ? "null" : `a ${typeof value}`;
}
