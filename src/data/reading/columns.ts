import { type DType, isNDArray, NDArray } from "../../module/ndarray.ts";
import { isRecord, mapRecord, type Value } from "../../module/value.ts";
import { concatenated } from "./concatenated.ts";
import { takeRow } from "../rows.ts";
import { stack } from "../stack.ts";

/** One cell of a table. */
export type Cell = undefined | null | boolean | number | string | bigint | Date | NDArray;
/** One row of a table: cells by the columns' names. */
export type Row = Readonly<Record<string, Cell>>;
/** A column: an NDArray where all its cells are numbers, else the cells as they are. */
export type Column = NDArray | readonly Cell[];

/** Whether a value is a table: a list of records. */
export const isRows = (value: Value): value is Row[] => Array.isArray(value) && value.every(isRecord);

/**
 * A table's columns by name. A column becomes an NDArray where every cell is of one kind: `bool` of booleans, `int32` of
 * whole numbers that fit, `float64` of other numbers, `int64` (or `uint64`) of bigints, its own type and shape of equal
 * NDArrays. Any other, as one with text or with a missing cell, stays a list.
 */
export function columnsOf(rows: readonly Row[]): Record<string, Column> {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return Object.fromEntries([...names].map((name) => [name, columnOf(rows.map((row) => row[name]))]));
}

/** Tables of the same columns, one after the other: NDArrays that are alike as one, other cells as `columnsOf` has them. */
export function joinColumns(tables: readonly Readonly<Record<string, Column>>[]): Record<string, Column> {
  tables = tables.filter((table) => Object.keys(table).length > 0); // no rows tell no columns
  if (tables.length < 2) return { ...tables[0] };
  return mapRecord(tables[0]!, (first, name) => {
    const parts = tables.map((table) => table[name]!);
    const alike = (part: Column) => isNDArray(part) && isNDArray(first) && itemOf(part) === itemOf(first);
    return parts.every(alike) ? concatenated(parts as NDArray[]) : columnOf(parts.flatMap(cellsOf));
  });
}

const itemOf = ({ dtype, shape }: NDArray): string => `${dtype} [${shape.slice(1)}]`;

/** The cells of a column, one by one. */
function cellsOf(column: Column): readonly Cell[] {
  if (!isNDArray(column)) return column;
  if (column.shape.length > 1) return Array.from({ length: column.shape[0]! }, (_, i) => takeRow(column, i));
  return Array.from(column.data as Iterable<number | bigint>, (cell) => column.dtype === "bool" ? cell === 1 : cell);
}

/** The cells of one column, as an NDArray where they can be one. */
export function columnOf(cells: readonly Cell[]): Column {
  const array = arraysOf(cells);
  if (array !== undefined) return array;
  const dtype = dtypeOf(cells);
  return dtype === undefined ? cells : new NDArray(dtype, [cells.length], cells.map(dtype === "bool" ? Number : same));
}

const same = (cell: Cell) => cell as number;

function dtypeOf(cells: readonly Cell[]): DType | undefined {
  const kind = typeof cells[0];
  if (!["boolean", "number", "bigint"].includes(kind) || !cells.every((cell) => typeof cell === kind)) return undefined;
  if (kind === "boolean") return "bool";
  if (kind === "number") return cells.every((cell) => Object.is(cell, (cell as number) | 0)) ? "int32" : "float64";
  const whole = cells as readonly bigint[];
  if (whole.every((cell) => BigInt.asIntN(64, cell) === cell)) return "int64";
  return whole.every((cell) => BigInt.asUintN(64, cell) === cell) ? "uint64" : undefined;
}

/** NDArrays of one shape and dtype, stacked. */
function arraysOf(cells: readonly Cell[]): NDArray | undefined {
  const [first] = cells;
  if (!isNDArray(first)) return undefined;
  const alike = (cell: Cell) => isNDArray(cell) && cell.dtype === first.dtype && `${cell.shape}` === `${first.shape}`;
  return cells.every(alike) ? stack(cells as readonly NDArray[], first, (i) => `cell ${i}`) : undefined;
}
