import { isNDArray, NDArray } from "../../module/ndarray.ts";
import { quoted, suggest } from "../../module/text.ts";
import { type Cell, columnOf, type Row } from "../reading/columns.ts";
import { stack } from "../stack.ts";

/** Which cells of a row make an item. */
export interface RowOptions {
  /** The column of the input, or several, whose numbers are put one after the other; by default all but the target's. */
  readonly input?: string | readonly string[];
  /** The column of the target, or several. */
  readonly target: string | readonly string[];
  /** What stands for a missing number of the input; or "skip", which leaves the row out. */
  readonly missing?: number | "skip";
}

/** Items made of some rows. */
export interface RowItems {
  /** Shape `[items, ...]`. */
  readonly input: NDArray;
  /** A cell for each item, or an array of shape `[items, ...]`. */
  readonly target: NDArray | readonly Cell[];
}

/** Makes items of a table's rows, block by block. */
export class RowReader {
  #name: string;
  readonly #options: RowOptions;
  #columns: readonly string[] | undefined;
  /** How many rows of this file came before. */
  #seen = 0;

  /** @param name what the table is, for messages */
  constructor(name: string, options: RowOptions) {
    this.#name = name;
    this.#options = options;
  }

  /** What comes next is of this file. */
  begin(name: string): void {
    this.#name = name;
    this.#seen = 0;
  }

  /**
   * @throws {RangeError} no such column, a missing value; @throws {TypeError} a cell that is no number, NDArrays that
   * differ; each with its column and row, counted from 1
   */
  take(given: readonly Row[]): RowItems {
    const { target, missing } = this.#options;
    const columns = this.#columns ??= this.#columnsOf(given[0]!);
    const targets = typeof target === "string" ? [target] : target;
    const all = [...columns, ...targets];
    const rows = given.map((row) => all.some(isObject(row)) ? plainRow(row, columns, targets) : row);
    const places = rows.map((_, i) => this.#seen + i + 1);
    this.#seen += rows.length;
    const isGap = (row: Row) => (name: string) => isMissing(row[name]);
    const taken = rows.map((_, i) => i).filter((i) => missing !== "skip" || !all.some(isGap(rows[i]!)));
    const kept = { rows: taken.map((i) => rows[i]!), places: taken.map((i) => places[i]!) };
    this.#checkGaps(kept.rows, kept.places, [...(typeof missing === "number" ? [] : columns), ...targets]);
    return {
      input: this.#numbers(kept.rows, kept.places, columns, typeof this.#options.input !== "string"),
      target: typeof target === "string"
        ? targetOf(kept.rows.map((row) => row[target]), (i) => this.#at(target, kept.places[i]!))
        : this.#numbers(kept.rows, kept.places, target, true),
    };
  }

  /** The columns of the input, and whether all that are named are there. */
  #columnsOf(row: Row): readonly string[] {
    const { input, target } = this.#options, known = Object.keys(row), targets = [target].flat();
    const columns = input === undefined ? known.filter((name) => !targets.includes(name)) : [input].flat();
    const unknown = [...columns, ...targets].find((name) => !Object.hasOwn(row, name));
    if (unknown !== undefined) {
      throw new RangeError(`Cannot find the column "${unknown}" in ${this.#name}: ${suggest(unknown, known)}`);
    }
    if (columns.length > 0) return columns;
    throw new RangeError(`Cannot use ${this.#name}: it has no column but ${quoted(targets)}; name those of the input`);
  }

  /** @throws {RangeError} missing values, naming every column that has some */
  #checkGaps(rows: readonly Row[], places: readonly number[], columns: readonly string[]): void {
    const found = columns.flatMap((name) => {
      const gaps = places.filter((_, i) => isMissing(rows[i]![name]));
      if (gaps.length === 0) return [];
      return [`"${name}" in row ${gaps[0]}${gaps.length > 1 ? ` and ${gaps.length - 1} more` : ""}`];
    });
    if (found.length === 0) return;
    throw new RangeError(
      `Cannot use ${this.#name}: values are missing: ${
        found.join(", ")
      }; fill them, or set missing to "skip" or, for the input, to a number`,
    );
  }

  /** Columns as one array: a single one of NDArrays as they are, else numbers in a row. */
  #numbers(rows: readonly Row[], places: readonly number[], columns: readonly string[], several: boolean): NDArray {
    const [first] = columns as [string];
    const single = columns.length === 1 ? rows.map((row) => row[first]) : [];
    if (!several && isNDArray(single[0])) return this.#stacked(single, (i) => this.#at(first, places[i]!));
    const widths = columns.map((name) => rows.length > 0 && isNDArray(rows[0]![name]) ? rows[0]![name].size : 1);
    const width = widths.reduce((sum, one) => sum + one);
    const data = new Float32Array(rows.length * width);
    rows.forEach((row, i) => {
      let at = i * width;
      columns.forEach((name, k) => {
        at += this.#write(data, at, row[name], widths[k]!, () => this.#at(name, places[i]!));
      });
    });
    return new NDArray("float32", [rows.length, width], data);
  }

  #write(data: Float32Array, at: number, cell: Cell, width: number, place: () => string): number {
    if (isNDArray(cell)) {
      if (cell.size !== width) throw new TypeError(`Cannot use ${place()}: ${cell.size} numbers, in row 1 ${width}`);
      for (let i = 0; i < width; i++) data[at + i] = Number(cell.data[i]);
      return width;
    }
    data[at] = isMissing(cell) ? this.#options.missing as number : numberOf(cell, place);
    return 1;
  }

  #stacked(cells: readonly Cell[], place: (i: number) => string): NDArray {
    const first = cells[0] as NDArray;
    const odd = cells.findIndex((cell) => !isNDArray(cell));
    if (odd >= 0) throw new TypeError(`Cannot use ${place(odd)}: ${describeCell(cells[odd])} where an array is wanted`);
    return stack(cells as readonly NDArray[], first, place);
  }

  #at = (column: string, row: number): string => `"${column}" in row ${row} of ${this.#name}`;
}

const isObject = (row: Row) => (name: string): boolean => typeof row[name] === "object" && row[name] !== null;

/** The cells of an item, lists in them made plain. */
const plainRow = (row: Row, columns: readonly string[], targets: readonly string[]): Row => ({
  ...Object.fromEntries(columns.map((name) => [name, plainCell(row[name])])),
  ...Object.fromEntries(targets.map((name) => [name, plainTarget(row[name])])),
});

/** A list of numbers as an NDArray; of a list with one cell, as a TFRecord has for each feature, that cell. */
function plainCell(cell: Cell | readonly Cell[]): Cell {
  if (!Array.isArray(cell)) return cell as Cell;
  if (cell.length === 1) return plainCell(cell[0]);
  const numbers = columnOf(cell);
  return cell.length > 0 && isNDArray(numbers) ? numbers : cell as unknown as Cell;
}

/** The same, but an array of one number is that number; and bytes in a list, as a TFRecord has for text, are text. */
function plainTarget(cell: Cell | readonly Cell[]): Cell {
  const plain = plainCell(cell);
  if (!isNDArray(plain)) return plain;
  if (Array.isArray(cell) && plain.dtype === "uint8" && isNDArray(cell[0])) {
    return new TextDecoder().decode(plain.bytes);
  }
  return plain.shape.length === 1 && plain.size === 1 ? Number(plain.data[0]) : plain;
}

/** Whether a cell has no value. NaN is one that got lost. */
export const isMissing = (cell: Cell): boolean =>
  cell === undefined || cell === null || cell === "" || Number.isNaN(cell);

/** A cell as a number. @throws {TypeError} text, a date, an array */
export function numberOf(cell: Cell, place: () => string): number {
  if (typeof cell === "number") return cell;
  if (typeof cell === "boolean" || typeof cell === "bigint") return Number(cell);
  throw new TypeError(
    `Cannot use ${place()} as a number: it is ${
      describeCell(cell)
    }; name the columns of the input without it, or encode it as numbers`,
  );
}

function targetOf(cells: readonly Cell[], place: (i: number) => string): RowItems["target"] {
  if (!isNDArray(cells[0])) return cells;
  const odd = cells.findIndex((cell) => !isNDArray(cell));
  if (odd >= 0) throw new TypeError(`Cannot use ${place(odd)}: ${describeCell(cells[odd])} where an array is wanted`);
  return stack(cells as readonly NDArray[], cells[0], place);
}

/** A cell, in words. */
export function describeCell(cell: Cell): string {
  if (typeof cell === "string") {
    return `the text ${JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}...` : cell)}`;
  }
  if (cell instanceof Date) return `the date ${cell.toISOString()}`;
  if (isNDArray(cell)) return `an array of shape [${cell.shape.join(", ")}]`;
  if (Array.isArray(cell)) return `a list of ${cell.length}`;
  return cell === undefined ? "nothing" : `${cell}`;
}
