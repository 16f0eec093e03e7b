import { type DType, isNDArray, NDArray } from "../module/ndarray.ts";
import { isRecord, type Value } from "../module/value.ts";
import { stack } from "./stack.ts";

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
