import { columnOf, concatenate, orderOf, Table } from "./columns.ts";
import { readAs } from "./file.ts";
import { columnNames, historyFormat, statisticsInValue } from "./history_value.ts";
import { Log } from "./log.ts";
import { NDArray, type TypedArray } from "./ndarray.ts";
import { writeRows } from "./rows_file.ts";
import { axes, bestOf, epochMeans, type Point, type Series, type SeriesOptions } from "./series.ts";
import { Statistic, type StatisticFields } from "./statistic.ts";
import { rowsToStatistics } from "./statistic_rows.ts";
import { suggest } from "./text.ts";
import { encodeValue, equalValues, type Json, type Value } from "./value.ts";

/** The numbers of a series, by name and by call: `history.series("train/loss")`, `history.series["train/loss"]`. */
export interface SeriesView {
  (name: string, options?: SeriesOptions): Series;
  readonly [name: string]: Series;
}

/**
 * What is known of a run: the scan over its Statistics. Immutable; appending gives a new History in constant time and
 * shares all that was there, in columns of typed arrays.
 *
 * @example
 * ```ts
 * import { from, lastValueFrom, scan } from "rxjs";
 * import { History, Statistic } from "ptutils";
 * const statistics = [0.9, 0.5].map((loss, i) => new Statistic({ phase: "train", step: i + 1, epoch: 1, values: { loss } }));
 * const history = await lastValueFrom(from(statistics).pipe(scan(History.append, History.empty)));
 * if (history.best("train/loss").value !== 0.5) throw new Error("unexpected");
 * ```
 */
export class History {
  /** Number of Statistics. */
  readonly length: number;
  readonly #log: Log;
  /** No Statistics yet: the seed of the scan. */
  static readonly empty: History = new History(new Log(), 0);

  /** The scan's accumulator. The same History can be appended to twice: both results are right. */
  static readonly append = (history: History, statistic: Statistic): History => {
    const log = history.length > 0 && history.length === history.#log.length ? history.#log : history.#copyLog();
    log.append(statistic);
    return new History(log, log.length);
  };

  private constructor(log: Log, length: number) {
    this.#log = log;
    this.length = length;
  }

  /** The names of all series, `train/loss`, in the order of their first value. */
  get names(): string[] {
    return [...new Set(this.#tables().flatMap(([table]) => table.names.map((name) => `${table.phase}/${name}`)))];
  }

  /**
   * One named value over time. `by` chooses the axis: `step` (default), `time`, `samples`: a point for each Statistic;
   * `epoch`: a point for each epoch, the mean weighted by samples. An unknown name gives an empty series.
   */
  get series(): SeriesView {
    const call = (name: string, options?: SeriesOptions) => this.#series(name, options);
    for (const name of this.names) {
      Object.defineProperty(call, name, { get: () => this.#series(name), enumerable: true, configurable: true });
    }
    return call as unknown as SeriesView;
  }

  /** The best value with its place; NaN is never best. @throws {RangeError} an unknown or empty series */
  best(name: string, mode: "min" | "max" = "min"): Point {
    const points = this.#series(name);
    const at = bestOf(points.y, mode);
    if (at >= 0) return this.#point(points, at);
    throw new RangeError(
      `Cannot find the best "${name}": ${points.y.length > 0 ? "it has no finite value" : suggest(name, this.names)}`,
    );
  }

  /** The latest value with its place; undefined while there is none. */
  last(name: string): Point | undefined {
    for (const [table, rows] of this.#tables().sort((a, b) => lastIndex(b) - lastIndex(a))) {
      const value = nameIn(table, name);
      if (value === undefined) continue;
      const row = rows - 1;
      return { value: table.at(value, row), step: table.at("step", row), epoch: table.at("epoch", row) };
    }
    return undefined;
  }

  /** The first `length` Statistics; shares the data. */
  slice(length: number): History {
    return new History(this.#log, Math.max(0, Math.min(length, this.length)));
  }

  /** The Statistics themselves, in order. */
  [Symbol.iterator](): Generator<Statistic> {
    return this.since(0);
  }

  /** The Statistics from the n-th on, in order: what came since a History of that length. */
  *since(length: number): Generator<Statistic> {
    const cursors = this.#tables().map(([table, rows]) => ({ table, rows, row: table.rowsBefore(length) }));
    for (let index = length; index < this.length; index++) {
      const cursor = cursors.find(({ table, rows, row }) => row < rows && table.at("index", row) === index)!;
      yield statisticAt(cursor.table, cursor.row++);
    }
  }

  /** Same Statistics in the same order; the time at which they came does not count. */
  equals(other: History): boolean {
    if (this.length !== other.length) return false;
    const theirs = other[Symbol.iterator]();
    for (const mine of this) {
      if (!equalValues({ ...mine, time: 0 }, { ...theirs.next().value as Statistic, time: 0 })) return false;
    }
    return true;
  }

  /** As comma-separated text, a line a Statistic, a column a series; {@linkcode History.write} writes what can be read again. */
  toCSV(): string {
    const names = this.names;
    const lines = [["step", "epoch", "samples", "time", "phase", ...names].join(",")];
    for (const { phase, step, epoch, samples, time, values } of this) {
      const cells = names.map((name) => name.startsWith(`${phase}/`) ? values[name.slice(phase.length + 1)] ?? "" : "");
      lines.push([step, epoch, samples, time, phase, ...cells].join(","));
    }
    return lines.join("\n") + "\n";
  }

  /** As a Value of columns, for any codec. */
  toValue(): Value {
    const tables = this.#tables().map(([table, rows]) => ({
      phase: table.phase,
      path: table.path,
      names: table.names,
      columns: Object.fromEntries(
        [...columnNames, ...table.names.map(columnOf)].map((name) => [name, toArray(table.column(name, rows))]),
      ),
    }));
    return { format: historyFormat, version: 1, length: this.length, tables };
  }

  toJSON(): Json {
    return encodeValue(this.toValue());
  }

  /** Reads what {@linkcode History.toValue} gave. @throws {SyntaxError} anything else */
  static fromValue(value: Value): History {
    return historyOf(statisticsInValue(value));
  }

  /** Reads a file written by {@linkcode History.write}. @throws {SyntaxError} one that holds something else */
  static async read(path: string | URL): Promise<History> {
    return await readAs(path, (value) => {
      return Array.isArray(value) ? historyOf(rowsToStatistics(value)) : History.fromValue(value);
    });
  }

  /**
   * Writes itself by the codec of the path's extension: in .csv, .tsv, .parquet, .arrow and .feather as a table, a row a
   * Statistic (path, phase, step, epoch, samples, size, time, and its values); elsewhere as columns.
   */
  async write(path: string): Promise<void> {
    await writeRows(path, { what: "a History", statistics: this, value: () => this.toValue() });
  }

  [Symbol.for("Deno.customInspect")](): string {
    const lines = this.names.map((name) =>
      `  ${name}: ${this.#series(name).y.length} values, last ${this.last(name)?.value}`
    );
    return [`History of ${this.length} statistics`, ...lines].join("\n");
  }

  #series(name: string, { by = "step" }: SeriesOptions = {}): Series {
    if (!axes.includes(by)) throw new RangeError(`Cannot give "${name}" by "${by}": ${suggest(by, axes)}`);
    const parts = this.#tables().filter(([table]) => nameIn(table, name) !== undefined);
    const order = parts.length > 1 ? orderOf(parts) : undefined;
    const column = (which: string) => {
      const all = concatenate(parts.map(([table, rows]) => table.column(which, rows)));
      return order === undefined ? all : Float64Array.from(order, (at) => all[at]!);
    };
    const value = parts[0] && nameIn(parts[0][0], name)!;
    const y = value === undefined ? new Float64Array() : column(value);
    if (by === "epoch") return { name, by, ...epochMeans(y, column("epoch"), column("size")), step: undefined };
    return { name, by, x: column(by), y, step: column("step"), epoch: column("epoch") };
  }

  #point(points: Series, at: number): Point {
    return { value: points.y[at]!, step: points.step![at]!, epoch: points.epoch![at]! };
  }

  /** The tables with rows in this History, and how many. */
  #tables(): [Table, number][] {
    const whole = this.length === this.#log.length;
    return this.#log.tables
      .map((table): [Table, number] => [table, whole ? table.rows : table.rowsBefore(this.length)])
      .filter(([, rows]) => rows > 0);
  }

  #copyLog(): Log {
    const log = new Log();
    for (const statistic of this) log.append(statistic);
    return log;
  }
}

const historyOf = (statistics: readonly StatisticFields[]): History =>
  statistics.reduce((history, fields) => History.append(history, new Statistic(fields)), History.empty);

const lastIndex = ([table, rows]: [Table, number]): number => table.at("index", rows - 1);

/** The value's column, when the table holds the series. */
function nameIn(table: Table, series: string): string | undefined {
  if (!series.startsWith(`${table.phase}/`)) return undefined;
  const name = series.slice(table.phase.length + 1);
  return table.names.includes(name) ? columnOf(name) : undefined;
}

const statisticAt = (table: Table, row: number): Statistic =>
  statisticOf(table.phase, table.path, table.names, (name) => table.at(name, row));

function statisticOf(phase: string, path: string, names: readonly string[], at: (name: string) => number): Statistic {
  const values = Object.fromEntries(names.map((name) => [name, at(columnOf(name))]));
  const [, step, epoch, size, samples, time] = columnNames.map(at) as [number, number, number, number, number, number];
  return new Statistic({ phase, path, step, epoch, size, samples, time, values });
}

const toArray = (column: TypedArray): NDArray =>
  new NDArray(column instanceof Uint32Array ? "uint32" : "float64", [column.length], column);
