import type { Statistic, StatisticFields } from "./statistic.ts";
import { isRecord, type Value } from "./value.ts";

/** The columns that each row has; the named values follow. */
const fixed = ["path", "phase", "step", "epoch", "samples", "size", "time"] as const;
/** Stands before a value's name that is a column's, or begins like this. */
const prefix = "values.";

/** Statistics as rows of a table: where each was computed, and its values; null where one lacks a value that others have. */
export function statisticsToRows(statistics: Iterable<Statistic>): Record<string, Value>[] {
  const all = [...statistics], names = new Set(all.flatMap(({ values }) => Object.keys(values)));
  const columns = [...names].map((name) => [name, columnOf(name)] as const);
  return all.map((statistic) => {
    const row: [string, Value][] = fixed.map((key) => [key, statistic[key]]);
    for (const [name, column] of columns) {
      row.push([column, Object.hasOwn(statistic.values, name) ? statistic.values[name] : null]);
    }
    return Object.fromEntries(row);
  });
}

/** The Statistics of such a table. @throws {SyntaxError} a row that is none, naming it */
export const rowsToStatistics = (rows: readonly Value[]): StatisticFields[] =>
  rows.map((row, i) => statisticFields(row, `row ${i}`));

/** What a Statistic is made of, from a row, or from plain data. @throws {SyntaxError} anything else, saying what is wrong */
export function statisticFields(value: Value, what = "it"): StatisticFields {
  if (!isRecord(value)) throw wrong(what, "is not a record");
  const { values: given, ...row } = value as Record<string, Value>;
  const values = given === undefined ? valuesIn(row) : given;
  if (typeof row.phase !== "string") throw wrong(what, `has no phase`);
  for (const key of ["step", "epoch", "samples", "size", "time"]) {
    const isMissing = row[key] === undefined && key !== "step" && key !== "epoch";
    if (!isMissing && typeof row[key] !== "number") throw wrong(what, `has ${row[key]} for its ${key}`);
  }
  if (!isRecord(values) || !Object.values(values).every((one) => typeof one === "number")) {
    throw wrong(what, "has values that are no numbers");
  }
  const path = typeof row.path === "string" ? row.path : "";
  const { phase, step, epoch, samples, size, time } = row as unknown as StatisticFields;
  return { path, phase, step, epoch, samples, size, time, values: values as Record<string, number> };
}

function valuesIn(row: Record<string, Value>): Record<string, Value> {
  const columns = Object.keys(row).filter((key) => !(fixed as readonly string[]).includes(key) && row[key] !== null);
  return Object.fromEntries(columns.map((key) => [key.startsWith(prefix) ? key.slice(prefix.length) : key, row[key]!]));
}

const columnOf = (name: string): string =>
  (fixed as readonly string[]).includes(name) || name.startsWith(prefix) || name === "values" ? prefix + name : name;

const wrong = (what: string, why: string): SyntaxError =>
  new SyntaxError(
    `Cannot read a Statistic: ${what} ${why}; it has a path, a phase, step, epoch, samples, size, time and values`,
  );
