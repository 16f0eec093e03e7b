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
  /** How many series were left out; not there where none was. */
  omitted?: number;
  tables: ReducedTable[];
};

/** How a History is reduced. */
export interface Reduction {
  /** The most points a series; 200. */
  readonly points?: number;
  /** The characters that it may take; 8000. */
  readonly room?: number;
  /** Its series; all when left out. */
  readonly names?: readonly string[];
}

const most = 200, least = 12, usualRoom = 8000;
/** Characters of a number in a column of a reduced History, and of a row besides, about. */
const perNumber = 5.4, perRow = 8;
/** A series of fewer points shows nothing of its shape: of many in one table, the first ones choose the rows. */
const fewest = 8;

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
 * A History with at most about 200 points a series, and fewer where they take too much room, but 12: those that look the
 * same on a screen, with the first, the last and the extremes. A History without more is kept as it is, to the bit.
 */
export function reduceHistory(history: History, options: Reduction = {}): ReducedHistory {
  const { points = most, room = usualRoom, names = history.names } = options;
  const { tables } = history.toValue() as unknown as { tables: readonly Table[] };
  const chosen = tablesOf(tables, new Set(names)), omitted = history.names.length - names.length;
  const row = chosen.reduce((sum, table) => sum + perRow + perNumber * table.names.length, 0);
  const start = Math.max(least, Math.min(points, Math.ceil(1.5 * room / row)));
  for (let kept = start;; kept = Math.max(least, Math.floor(kept * 0.8))) {
    const found = reduceTables(history.length, chosen, kept, omitted);
    if (kept === least || JSON.stringify(found).length <= room) return found;
  }
}

/** Tables of some series only. Those without any are left out. */
const tablesOf = (tables: readonly Table[], names: ReadonlySet<string>): Table[] =>
  tables.map((table) => ({ ...table, names: table.names.filter((name) => names.has(`${table.phase}/${name}`)) }))
    .filter((table, i) => table.names.length > 0 || tables[i]!.names.length === 0);

function reduceTables(statistics: number, tables: readonly Table[], points: number, omitted: number): ReducedHistory {
  const rows = tables.map((table) => keptRows(table, points));
  const reduced = omitted > 0 || rows.some((kept, i) => kept.length < tables[i]!.columns.index!.size);
  const indices = rows.flatMap((kept, i) => kept.map((row) => Number(tables[i]!.columns.index!.data[row])));
  const order = new Map(indices.sort((a, b) => a - b).map((index, i) => [index, i]));
  return {
    statistics,
    reduced,
    ...(omitted > 0 ? { omitted } : {}),
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
  if (rows <= points) return Array.from({ length: rows }, (_, row) => row);
  const step = columns.step!.data as Uint32Array;
  const telling = names.slice(0, Math.max(1, Math.floor(points / fewest))).map((name) => valuesOf(columns, name));
  const lines = telling.length === 0 ? [step] : telling, each = Math.floor(points / lines.length);
  const chosen = lines.map((values) => [...reduce(step, values, each)]);
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
