import { Buffer } from "node:buffer";
import { type ByteSource, sourceOf } from "../module/byte_source.ts";
import type { BlockOptions, Codec } from "../module/codec.ts";
import { NDArray } from "../module/ndarray.ts";
import type { Value } from "../module/value.ts";
import { freshArray } from "./array_bytes.ts";
import { type Column, isFlat, readColumn } from "./parquet/column.ts";
import { openParquet, type ParquetFile } from "./parquet/file.ts";
import { dtypeOf } from "./parquet/leaf.ts";
import { type Cells, cellsOf, type Columns, type Row, toColumns, toRows } from "./table.ts";

/** Bounds for reading. */
export interface ParquetOptions {
  /** Most cells that are read at once. */
  maxCells: number;
  /** Only the columns of these names. */
  only?: readonly string[];
}

/** 64 million cells. */
export const defaults: Readonly<ParquetOptions> = { maxCells: 2 ** 26 };

/** So many cells, and so many for each byte of a file, are read without asking. */
const harmlessCells = 2 ** 20, cellsOfByte = 64;

/**
 * Rows as Apache Parquet. A cell is null, a boolean, a number, text, a Date (in milliseconds) or an NDArray: of bytes, or a
 * list of numbers. Whole numbers of 64 bits are numbers up to 2^53 either way and bigints beyond. A record of equally long
 * columns is written, too. hyparquet reads and writes; what it is given to read is checked first.
 *
 * @example
 * ```ts
 * import { codecFor } from "ptutils";
 * const parquet = await codecFor("scores.parquet");
 * const rows = await parquet.parse(await parquet.stringify([{ name: "a", score: NaN }, { name: "b", score: null }]));
 * if ((rows as { score: unknown }[])[1]!.score !== null) throw new Error("unexpected");
 * ```
 */
export const parquet: Codec = {
  holds: "rows",
  parse: (bytes) => readRows(sourceOf(bytes)),
  read: (source) => readRows(source),
  stringify: async (value) => new Uint8Array(Buffer.concat(await parts(value))),
  parts,
  columns: readColumns,
  blocks,
};

async function parts(value: Value): Promise<Uint8Array[]> {
  const columns = toColumns(value, "parquet");
  return (await import("./parquet/write.ts")).writeParquet(columns);
}

/** The rows of a parquet file. @throws {SyntaxError} a damaged file; @throws {RangeError} more than `maxCells` cells */
export async function readRows(source: ByteSource, { maxCells, only }: ParquetOptions = defaults): Promise<Row[]> {
  const file = await openParquet(source), columns = chosen(file, only), cells = file.rows * columns.length;
  if (cells > Math.min(maxCells, Math.max(harmlessCells, source.size * cellsOfByte))) {
    throw new RangeError(`Cannot read parquet: it has ${file.rows} rows, too many at once; read it in blocks`);
  }
  const groups: Row[][] = [];
  for (const group of file.groups) groups.push(toRows(await groupColumns(file, group, columns)));
  return groups.flat();
}

/**
 * The columns of a parquet file: numbers as NDArrays, without a step for each cell; other cells as lists. A missing number
 * is NaN, and whole numbers some of which are missing become float64.
 *
 * @throws {SyntaxError} a damaged file; @throws {RangeError} more cells than `maxCells`, or than such a file can have
 */
export async function readColumns(source: ByteSource, options: Partial<ParquetOptions> = {}): Promise<Columns> {
  const { maxCells, only } = { ...defaults, ...options };
  const file = await openParquet(source), columns = chosen(file, only), cells = file.rows * columns.length;
  if (cells > Math.min(maxCells * 8, Math.max(2 ** 24, source.size * cellsOfByte * 64))) {
    throw new RangeError(`Cannot read parquet: it has ${file.rows} rows, too many at once; read it in blocks`);
  }
  const read: Columns = {};
  for (const column of columns) define(read, column.element.name, await wholeColumn(file, column));
  return read;
}

/** A column of all groups of rows; numbers are read to where they stay. */
async function wholeColumn(file: ParquetFile, column: ParquetFile["columns"][number]): Promise<Cells> {
  const dtype = isFlat(column) ? dtypeOf(column.element) : undefined;
  if (dtype === undefined) {
    const parts: Value[][] = [];
    for (const group of file.groups) parts.push((await readColumn(file, group, column) as { cells: Value[] }).cells);
    return parts.flat();
  }
  const numbers = freshArray(dtype, [file.rows]), gaps: number[] = [];
  let at = 0;
  for (const group of file.groups) {
    const part = await readColumn(file, group, column, numbers.data.subarray(at, at + group.rows));
    const missing = "missing" in part ? part.missing : undefined;
    missing?.forEach((isMissing, i) => isMissing && gaps.push(at + i));
    at += group.rows;
  }
  return gaps.length === 0 ? numbers : withNaN(numbers, gaps);
}

/** Rows in blocks, in the memory of a page of each column. */
async function* blocks(source: ByteSource, { rows, only }: BlockOptions = {}): AsyncGenerator<Row[]> {
  const file = await openParquet(source), { rowBlocks } = await import("./parquet/row_blocks.ts");
  yield* rowBlocks(file, chosen(file, only), rows);
}

function chosen(file: ParquetFile, only: readonly string[] | undefined): ParquetFile["columns"] {
  return only === undefined ? file.columns : file.columns.filter(({ element }) => only.includes(element.name));
}

async function groupColumns(file: ParquetFile, group: ParquetFile["groups"][number], columns: ParquetFile["columns"]) {
  const read: Columns = {};
  for (const column of columns) define(read, column.element.name, withNulls(await readColumn(file, group, column)));
  return read;
}

/** Sets a column, also one named `__proto__`. */
const define = (columns: Columns, name: string, value: Cells): void =>
  void Object.defineProperty(columns, name, { value, enumerable: true, configurable: true, writable: true });

function withNulls(column: Column): Cells {
  if ("cells" in column) return column.cells;
  const { numbers, missing } = column;
  return missing === undefined ? numbers : Array.from(cellsOf(numbers), (cell, i) => missing[i] ? null : cell);
}

function withNaN({ dtype, data }: NDArray, gaps: readonly number[]): NDArray {
  const isFloat = dtype.startsWith("float");
  const numbers = isFloat ? data as Float64Array : Float64Array.from(data as Float64Array, Number);
  for (const at of gaps) numbers[at] = NaN;
  return new NDArray(isFloat ? dtype : "float64", [numbers.length], numbers);
}
