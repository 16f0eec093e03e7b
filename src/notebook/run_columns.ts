import type { RunDocument } from "../store/run/run_document.ts";
import { runField } from "../store/run/run_field.ts";
import type { RunQuery } from "../store/run/run_query.ts";
import { oneLine } from "./escape.ts";

/** Shows the last value of every series in one column. */
const lastValues = "last values";

/** The columns of a table of runs, unless others are asked for: what the query is about is among them. */
export function usualColumns({ where = {}, sort = {} }: RunQuery = {}): string[] {
  const usual = ["id", "phase", "step", "epoch", "created"];
  const asked = [...Object.keys(sort), ...Object.keys(where)].filter((path) => !path.startsWith("$"));
  const more = [...new Set(asked)].filter((path) => !usual.includes(path));
  return [...usual, ...(more.length === 0 ? [lastValues] : more)];
}

/** What a query must select for these columns. */
export const selectionOf = (columns: readonly string[]): string[] =>
  columns.map((column) => column === lastValues ? "last" : column);

/** A heading: `id` as one says it, times with where they are told from. */
export function headingOf(column: string): string {
  if (column === "id") return "run";
  return ["created", "updated"].includes(column) ? `${column} (UTC)` : oneLine(column);
}

/** A cell: numbers stay numbers, all else is text in one line. */
export function cellOf(run: RunDocument, column: string): string | number {
  if (column === lastValues) {
    return Object.entries(run.last ?? {}).map(([name, value]) => `${oneLine(name)} ${shortNumber(value)}`).join(", ");
  }
  const value = runField(run, column);
  if (typeof value === "number") return value;
  if (value === undefined || value === null) return "";
  if (["created", "updated"].includes(column)) return String(value).slice(0, 16).replace("T", " ");
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
    return oneLine(value.join(", "), longest);
  }
  return oneLine(typeof value === "string" ? value : JSON.stringify(value), longest);
}

/** The longest text of a cell. */
const longest = 400;

/** A number in few digits; whole ones as they are. */
export const shortNumber = (value: number): string => Number.isInteger(value) ? `${value}` : value.toPrecision(4);
