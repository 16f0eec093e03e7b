import type { DBInterface } from "../store/db_interface.ts";
import { selectionOf, usualColumns } from "../notebook/run_columns.ts";
import { runTableText } from "../notebook/run_table.ts";
import { parseSort, parseWhere, pathsOfWhere } from "./where.ts";

/** Which runs are listed, and how. */
export interface ListOptions {
  /** Conditions, all of which must hold. */
  where?: readonly string[];
  sort?: readonly string[];
  limit?: number;
  /** Paths of a query over runs. */
  columns?: readonly string[];
  /** As JSON: whole documents, or the columns that are given. */
  json?: boolean;
  /** Letters in a line. */
  width?: number;
}

/** The runs in a store, a line each, or as JSON. */
export async function list(db: DBInterface, options: ListOptions = {}): Promise<string> {
  const { limit, json = false, width } = options;
  const where = parseWhere(options.where ?? []), sort = parseSort(options.sort ?? []);
  const about = Object.fromEntries(pathsOfWhere(where).map((path) => [path, 1]));
  const columns = options.columns ?? usualColumns({ where: about, sort });
  const select = json && options.columns === undefined ? undefined : selectionOf(columns);
  const runs = await db.runs.query({ where, sort, limit, select });
  if (json) return JSON.stringify(runs, plainNumbers, 2);
  const place = db.location ?? `a ${db.constructor.name}`;
  const told = runs.length > 0
    ? runTableText(runs, columns, width)
    : (await db.runs.list()).length === 0
    ? `no runs in ${place}`
    : `no run in ${place} fits`;
  return [told, ...db.runs.warnings].join("\n");
}

/** JSON has no NaN and no infinities: they stand as text. */
const plainNumbers = (_: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
