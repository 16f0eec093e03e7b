import { History } from "../module/history.ts";
import { NDArray } from "../module/ndarray.ts";
import type { Value } from "../module/value.ts";
import { packAlong, packDeltas, packFloats, unpackAlong, unpackDeltas, unpackFloats } from "./packed_column.ts";
import { reduce } from "./reduce.ts";

/** Statistics of one phase, path and set of names. */
export type ReducedTable = {
  phase: string;
  path: string;
  names: string[];
  /** Which of the kept Statistics each is, and at which step, by {@linkcode packDeltas}. */
  index: string;
  step: string;
  /** `epoch`, `size`, `samples` and `time` (in `unit` milliseconds), along the step by {@linkcode packAlong}. */
  along: { [name: string]: string };
  unit: number;
  /** The named values by {@linkcode packFloats}. */
  values: { [name: string]: string };
};

/** A History small enough to lie in a notebook. */
export type ReducedHistory = {
  /** How many Statistics there are in the History that it is of. */
  statistics: number;
  /** Whether some of them were left out; if not, every value is exact. */
  reduced: boolean;
  tables: ReducedTable[];
};

/** What each series may take, in characters; few series may take as much as four. */
const share = 2000, shares = 4;
const most = 200, least = 40;

/** How it lies in {@linkcode History.toValue}. */
interface Table {
  readonly phase: string;
  readonly path: string;
  readonly names: readonly string[];
  readonly columns: Readonly<Record<string, NDArray>>;
}

const wholes = ["epoch", "size", "samples"];
/** Into how many parts the time of a reduced History is divided at least. */
const moments = 10_000;

/**
 * A History with at most about 200 points a series, and fewer where they take too much room: those that look the same
 * on a screen, with the first, the last and the extremes. A History without more is kept as it is, to the bit.
 */
export function reduceHistory(history: History, points = most): ReducedHistory {
  const { tables } = history.toValue() as unknown as { tables: readonly Table[] };
  const series = tables.reduce((sum, { names }) => sum + names.length, 0);
  const budget = share * Math.max(shares, series);
  for (let kept = points;; kept = Math.floor(kept * 0.8)) {
    const found = reduceTables(history.length, tables, kept);
    if (kept * 0.8 < least || JSON.stringify(found).length <= budget) return found;
  }
}

function reduceTables(statistics: number, tables: readonly Table[], points: number): ReducedHistory {
  const rows = tables.map((table) => keptRows(table, points));
  const reduced = rows.some((kept, i) => kept.length < tables[i]!.columns.index!.size);
  const indices = rows.flatMap((kept, i) => kept.map((row) => Number(tables[i]!.columns.index!.data[row])));
  const order = new Map(indices.sort((a, b) => a - b).map((index, i) => [index, i]));
  return {
    statistics,
    reduced,
    tables: tables.map((table, i) => packTable(table, rows[i]!, order, reduced)),
  };
}

function packTable(
  { phase, path, names, columns }: Table,
  rows: number[],
  order: Map<number, number>,
  reduced: boolean,
) {
  const pick = (column: string) => rows.map((row) => Number(columns[column]!.data[row]));
  const step = pick("step"), milliseconds = pick("time").map((seconds) => Math.round(seconds * 1000));
  const unit = reduced ? 10 ** Math.max(0, Math.floor(Math.log10((milliseconds.at(-1) || 1) / moments))) : 1;
  const time = packAlong(milliseconds.map((ms) => Math.round(ms / unit)), step);
  return {
    phase,
    path,
    names: [...names],
    index: packDeltas(pick("index").map((index) => order.get(index)!)),
    step: packDeltas(step),
    along: { ...Object.fromEntries(wholes.map((name) => [name, packAlong(pick(name), step)])), time },
    unit,
    values: Object.fromEntries(names.map((name) => [name, packFloats(pick(`:${name}`), !reduced)])),
  };
}

/** The rows that stand for all: of several names in one table, each has its part of them. */
function keptRows({ names, columns }: Table, points: number): number[] {
  const rows = columns.index!.size;
  if (rows <= points || names.length === 0) return Array.from({ length: rows }, (_, row) => row);
  const each = Math.max(8, Math.floor(points / names.length));
  const chosen = names.map((name) => [...reduce(columns.step!.data as Uint32Array, valuesOf(columns, name), each)]);
  return [...new Set(chosen.flat())].sort((a, b) => a - b);
}

const valuesOf = (columns: Table["columns"], name: string) => columns[`:${name}`]!.data as Float64Array;

/** The History that {@linkcode reduceHistory} left. @throws {SyntaxError} columns that are damaged or don't fit together */
export function restoreHistory({ tables }: ReducedHistory): History {
  let length = 0;
  const stored = tables.map(({ phase, path, names, index, step, along, unit, values }) => {
    const steps = unpackDeltas(step);
    const columns: Record<string, NDArray> = { index: arrayOf(unpackDeltas(index)), step: arrayOf(steps) };
    for (const name of wholes) columns[name] = arrayOf(unpackAlong(along[name] ?? "", steps));
    columns.time = arrayOf(unpackAlong(along.time ?? "", steps).map((time) => time * unit / 1000));
    for (const name of names) columns[`:${name}`] = arrayOf(unpackFloats(values[name] ?? ""));
    const rows = columns.index!.size;
    if (Object.values(columns).some(({ size }) => size !== rows)) throw damaged("its columns differ in length");
    length += rows;
    return { phase, path, names, columns };
  });
  checkOrder(stored.flatMap(({ columns }) => [...columns.index!.data as Float64Array]));
  return History.fromValue({ format: "ptutils.history", version: 1, length, tables: stored } as unknown as Value);
}

/** Every Statistic must have one place of its own. */
function checkOrder(indices: readonly number[]): void {
  if (indices.toSorted((a, b) => a - b).some((index, i) => index !== i)) throw damaged("its Statistics have no order");
}

const arrayOf = (numbers: readonly number[]): NDArray =>
  new NDArray("float64", [numbers.length], Float64Array.from(numbers));

const damaged = (what: string) => new SyntaxError(`Cannot read a reduced History: ${what}; the record is damaged`);
