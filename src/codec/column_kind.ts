import { type DType, isNDArray, type NDArray } from "../module/ndarray.ts";
import type { Value } from "../module/value.ts";
import type { Cells } from "./table.ts";

/** What the cells of a column are. */
export interface ColumnKind {
  /** Of numbers the element type; `bytes` for lists of uint8, `nothing` where every cell is null. */
  readonly type: DType | "text" | "date" | "bytes" | "nothing";
  /** Dimensions of a cell: 0 for a single number. */
  readonly rank: number;
  readonly hasNull: boolean;
}

/**
 * What the cells of a column are: numbers are int32 where all of them can be, else float64; bigints, also among whole
 * numbers, int64 or uint64.
 *
 * @throws {TypeError} cells of several kinds; @throws {RangeError} bigints of more than 64 bits
 */
export function columnKind(cells: Cells, name: string, format: string): ColumnKind {
  if (isNDArray(cells)) return { ...arrayKind(cells.dtype, cells.shape.length - 1), hasNull: false };
  const hasNull = cells.includes(null), present = hasNull ? cells.filter((cell) => cell !== null) : cells;
  const refuse = (what: string, mend: string) => `Cannot write ${format}: column "${name}" holds ${what}; ${mend}`;
  const kinds = kindsOf(present), [kind] = kinds;
  if (kind === undefined) return { type: "nothing", rank: 0, hasNull };
  if (kinds.every((one) => one === "number" || one === "bigint")) {
    const type = numberType(present as (number | bigint)[]);
    if (type !== undefined) return { type, rank: 0, hasNull };
    const isMixed = kinds.length > 1;
    if (!isMixed) throw new RangeError(refuse("a bigint of more than 64 bits", "write it as text"));
    throw new TypeError(refuse("bigints and numbers that are not whole", "write all as numbers"));
  }
  if (kinds.length > 1) throw new TypeError(refuse(kinds.join(" and "), "give all its cells one kind"));
  if (!isNDArray(present[0])) return { type: named[kind]!, rank: 0, hasNull };
  const { dtype, shape } = present[0];
  const lost = (present as NDArray[]).find(({ shape }) => shape.length === 0 || shape.slice(0, -1).includes(0));
  if (lost === undefined) return { ...arrayKind(dtype, shape.length), hasNull };
  throw new TypeError(refuse(`an NDArray of shape [${lost.shape}]`, "lists keep no such shape: reshape it"));
}

const named: Readonly<Record<string, ColumnKind["type"]>> = { boolean: "bool", text: "text", dates: "date" };

const arrayKind = (dtype: DType, rank: number) => ({
  type: dtype === "uint8" && rank === 1 ? "bytes" as const : dtype,
  rank,
});

/** Each kind that there is, in the order of their first cells. */
function kindsOf(cells: readonly Value[]): string[] {
  const kinds = new Set<string>();
  for (let i = 0, type = ""; i < cells.length; i++) {
    const isSame = typeof cells[i] === type && type !== "object";
    if (!isSame) kinds.add(kindOf(cells[i]!));
    type = typeof cells[i];
  }
  return [...kinds];
}

function kindOf(cell: Value): string {
  if (isNDArray(cell)) return `arrays of ${cell.dtype} with ${cell.shape.length} dimensions`;
  if (cell instanceof Date) return "dates";
  return typeof cell === "string" ? "text" : typeof cell;
}

/** The narrowest of int32, int64, uint64 and float64 that holds all of them; undefined when none does. */
function numberType(cells: readonly (number | bigint)[]): DType | undefined {
  if (cells.every(isInt32)) return "int32";
  if (cells.every((cell) => typeof cell === "number")) return "float64";
  if (!cells.every((cell) => typeof cell === "bigint" || isWhole(cell))) return;
  if (cells.every((cell) => cell >= -(2n ** 63n) && cell < 2n ** 63n)) return "int64";
  return cells.every((cell) => cell >= 0 && cell < 2n ** 64n) ? "uint64" : undefined;
}

const isInt32 = (cell: number | bigint): boolean =>
  typeof cell === "number" && (cell | 0) === cell && !Object.is(cell, -0);

/** Whole, and so small that it comes back as a number. */
const isWhole = (cell: number): boolean => Number.isInteger(cell) && Math.abs(cell) <= 2 ** 53 && !Object.is(cell, -0);
