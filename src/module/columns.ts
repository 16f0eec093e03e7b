import type { Statistic } from "./statistic.ts";

type Column = Float64Array | Uint32Array;
type ColumnType = { new (length: number): Column };

/** Rows of a chunk: small at first, so that a short run costs little; then fixed, so that a long one wastes little. */
const chunkSize = (rows: number): number => Math.min(Math.max(rows, 64), 16_384);

/** The columns that every statistic has, and their types; the named values follow as float64. */
const fixed: readonly [keyof Statistic & ("step" | "epoch" | "samples" | "size" | "time"), ColumnType][] = [
  ["step", Uint32Array],
  ["epoch", Uint32Array],
  ["size", Uint32Array],
  ["samples", Float64Array],
  ["time", Float64Array],
];

interface Chunk {
  /** Row of the table at which the chunk begins. */
  readonly start: number;
  readonly capacity: number;
  /** In order: `index`, the fixed columns, the named values. */
  readonly columns: readonly Column[];
}

/** The column of a named value: a value may be named like a fixed column. */
export const columnOf = (value: string): string => `:${value}`;

/**
 * Statistics of one phase, path and set of names, as growing columns. Appending never moves what is there: a view of
 * the first n rows stays valid for ever.
 */
export class Table {
  readonly phase: string;
  readonly path: string;
  readonly names: readonly string[];
  rows = 0;
  readonly #chunks: Chunk[] = [];
  #latest: Chunk | undefined;

  constructor(phase: string, path: string, names: readonly string[]) {
    this.phase = phase;
    this.path = path;
    this.names = names;
  }

  /** Whether the statistic has this table's phase, path and names. */
  takes(statistic: Statistic): boolean {
    if (statistic.phase !== this.phase || statistic.path !== this.path) return false;
    let count = 0;
    for (const name in statistic.values) if (this.names[count++] !== name) return false;
    return count === this.names.length;
  }

  /** Appends a row; `index` is its place in the whole History. */
  append(index: number, statistic: Statistic): void {
    let chunk = this.#latest;
    if (chunk === undefined || this.rows === chunk.start + chunk.capacity) chunk = this.#latest = this.#grow();
    const row = this.rows++ - chunk.start, { columns } = chunk;
    columns[0]![row] = index;
    columns[1]![row] = statistic.step;
    columns[2]![row] = statistic.epoch;
    columns[3]![row] = statistic.size ?? 1; // a plain record may leave it out
    columns[4]![row] = statistic.samples;
    columns[5]![row] = statistic.time;
    const { names } = this, { values } = statistic;
    for (let i = 0; i < names.length; i++) columns[6 + i]![row] = values[names[i]!]!;
  }

  /** One number; `column` is `index`, a fixed column's name, or {@linkcode columnOf} a value's. */
  at(column: string, row: number): number {
    const chunk = this.#chunkOf(row);
    return chunk.columns[this.#position(column)]![row - chunk.start]!;
  }

  /** The first rows of a column, as an array of its own. */
  column(name: string, rows: number): Column {
    const position = this.#position(name);
    const type = position === 0 ? Uint32Array : fixed[position - 1]?.[1] ?? Float64Array;
    const result = new type(rows);
    for (const { start, columns } of this.#chunks) {
      if (start >= rows) break;
      result.set(columns[position]!.subarray(0, rows - start), start);
    }
    return result;
  }

  /** How many rows have an index below this one: the rows that a History of that length sees. */
  rowsBefore(index: number): number {
    let low = 0, high = this.rows;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at("index", middle) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): Chunk {
    const capacity = chunkSize(this.rows);
    const types = [Uint32Array, ...fixed.map(([, type]) => type), ...this.names.map(() => Float64Array)];
    const chunk = { start: this.rows, capacity, columns: types.map((type) => new type(capacity)) };
    this.#chunks.push(chunk);
    return chunk;
  }

  #chunkOf(row: number): Chunk {
    let low = 0, high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#chunks[middle]!.start <= row) low = middle;
      else high = middle - 1;
    }
    return this.#chunks[low]!;
  }

  #position(name: string): number {
    if (name === "index") return 0;
    if (name.startsWith(":")) return 1 + fixed.length + this.names.indexOf(name.slice(1));
    return 1 + fixed.findIndex(([column]) => column === name);
  }
}

/** Columns one after the other. */
export function concatenate(parts: readonly Column[]): Float64Array {
  const result = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** Where the rows of several tables are in their concatenation, in the order in which they came. */
export function orderOf(parts: readonly [Table, number][]): Uint32Array {
  const index = concatenate(parts.map(([table, rows]) => table.column("index", rows)));
  return Uint32Array.from(index.keys()).sort((a, b) => index[a]! - index[b]!);
}
