import { isNDArray, NDArray } from "../module/ndarray.ts";
import { isRecord, type Value } from "../module/value.ts";
import { nameOf } from "./values.ts";

/** The cells of a column: numbers as they lie in memory, or one by one. */
export type Cells = NDArray | readonly Value[];

/** A table by its columns, equally long. An NDArray has a cell for each item along its first dimension. */
export type Columns = Record<string, Cells>;

/** A row of a table. */
export type Row = Record<string, Value>;

/**
 * A value's columns: of a list of flat records with the same keys, where a key that is absent is null; or of a record of
 * columns.
 *
 * @throws {TypeError} anything else, naming the row and the key
 */
export function toColumns(value: unknown, format: string): Columns {
  if (isRecord(value)) return checkedColumns(value, format);
  const mend = "it holds a table, a list of flat records; save other values as .json or .yaml";
  if (!Array.isArray(value)) throw new TypeError(`Cannot write ${format}: found ${nameOf(value)}; ${mend}`);
  const columns = new Map<string, Value[]>(), found: [name: string, column: Value[]][] = [];
  for (let i = 0; i < value.length; i++) {
    const row = value[i];
    if (!isRecord(row)) throw new TypeError(`Cannot write ${format}: row ${i} is ${nameOf(row)}; ${mend}`);
    let place = 0;
    for (const key in row) {
      const next = found[place++]; // most rows have their keys in the same order
      let column = next?.[0] === key ? next[1] : columns.get(key);
      if (column === undefined) {
        columns.set(key, column = new Array(value.length).fill(null));
        found.push([key, column]);
      }
      column[i] = cellOf(row[key], key, i, format);
    }
  }
  if (value.length > 0 && columns.size === 0) {
    throw new TypeError(`Cannot write ${format}: its rows are empty; ${mend}`);
  }
  return Object.fromEntries(columns);
}

function checkedColumns(value: Record<string, unknown>, format: string): Columns {
  const columns = Object.entries(value).map(([name, cells]): [string, Cells] => {
    if (isNDArray(cells) && cells.shape.length > 0) return [name, cells];
    if (Array.isArray(cells)) return [name, cells.map((cell, i) => cellOf(cell, name, i, format))];
    const mend = "it holds a table: a list of flat records, or a record of columns";
    throw new TypeError(`Cannot write ${format}: "${name}" is ${nameOf(cells)}; ${mend}`);
  });
  const [first] = columns, other = columns.find(([, cells]) => lengthOf(cells) !== lengthOf(first![1]));
  if (other === undefined) return Object.fromEntries(columns);
  throw new TypeError(
    `Cannot write ${format}: "${other[0]}" has ${lengthOf(other[1])} rows, "${first![0]}" ${lengthOf(first![1])}; ` +
      "make the columns equally long",
  );
}

function cellOf(cell: unknown, name: string, row: number, format: string): Value {
  if (typeof cell === "number" || typeof cell === "boolean" || typeof cell === "bigint" || cell === null) return cell;
  if (cell === undefined) return null;
  if (typeof cell === "string" ? cell.isWellFormed() : isNDArray(cell)) return cell as Value;
  const isDate = cell instanceof Date;
  if (isDate && !Number.isNaN(cell.getTime())) return cell;
  const what = isDate ? "an invalid Date" : typeof cell === "string" ? "text with half a character" : nameOf(cell);
  throw new TypeError(
    `Cannot write ${format}: "${name}" of row ${row} is ${what}; ` +
      "a cell holds a number, text, a date or an NDArray: save it as .json",
  );
}

/** The first of some names that was there before. */
export function repeated(names: readonly string[]): string | undefined {
  const known = new Set<string>();
  return names.find((name) => known.size === known.add(name).size);
}

/** How many rows the cells are for. */
export const lengthOf = (cells: Cells): number => isNDArray(cells) ? cells.shape[0]! : cells.length;

/** The rows of a table. Whole numbers of 64 bits are numbers up to 2^53 either way, beyond that bigints. */
export function toRows(columns: Columns): Row[] {
  const entries = Object.entries(columns).map(([name, cells]) => [name, cellsOf(cells)] as const);
  const count = entries[0]?.[1].length ?? 0, rows: Row[] = new Array(count);
  const isPlain = !entries.some(([name]) => name === "__proto__");
  for (let i = 0; i < count; i++) {
    const row: Row = {};
    for (const [name, cells] of entries) {
      if (isPlain) row[name] = cells[i] as Value;
      else Object.defineProperty(row, name, { value: cells[i], enumerable: true, writable: true, configurable: true });
    }
    rows[i] = row;
  }
  return rows;
}

/** The cells one by one. */
export function cellsOf(cells: Cells): ArrayLike<Value> {
  if (!isNDArray(cells)) return cells;
  const { dtype, data, shape } = cells;
  if (shape.length > 1) return Array.from({ length: shape[0]! }, (_, i) => itemOf(cells, i));
  if (dtype === "bool") return Array.from(data as Uint8Array, (byte) => byte === 1);
  if (dtype !== "int64" && dtype !== "uint64") return data as unknown as ArrayLike<number>;
  return Array.from(data as BigInt64Array, wholeNumber);
}

/** One item along the first dimension, as an array of its own. */
export function itemOf({ dtype, data, shape: [, ...below] }: NDArray, index: number): NDArray {
  const width = below.reduce((product, length) => product * length, 1);
  return new NDArray(dtype, below, data.slice(index * width, (index + 1) * width) as NDArray["data"]);
}

const limit = BigInt(Number.MAX_SAFE_INTEGER) + 1n;

/** A whole number: as a number up to 2^53, beyond that as a bigint. */
export const wholeNumber = (value: bigint): number | bigint =>
  value <= limit && value >= -limit ? Number(value) : value;
