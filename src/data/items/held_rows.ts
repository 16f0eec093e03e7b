import { createHash } from "node:crypto";
import { z } from "zod";
import { markHeld } from "../../module/held.ts";
import { isNDArray } from "../../module/ndarray.ts";
import { encodeValue, isRecord, type Value } from "../../module/value.ts";
import type { Cell, Row } from "../reading/columns.ts";

/** What stands in a configuration for many rows that were given in code: enough to tell whether they are the same. */
export interface HeldRows {
  /** How many. */
  readonly rows: number;
  /** Of their content, in hexadecimal. */
  readonly sha256: string;
}

/** A row as code gives it: a list of numbers stands for an array. */
export type GivenRow = Readonly<Record<string, Cell | readonly Cell[]>>;

/** Rows up to so many, of plain cells, stand in the configuration themselves. */
const mostPlain = 1000;

const held = new WeakMap<HeldRows, readonly Row[]>();
/** The same by digest, as long as somebody uses them: so a configuration builds its Module again in the same process. */
const living = new Map<string, WeakRef<readonly Row[]>>();

/** The rows that a configuration has, or stands for; undefined when nobody in this process has them any more. */
export const rowsOf = (option: readonly Row[] | HeldRows): readonly Row[] | undefined =>
  Array.isArray(option) ? option : held.get(option as HeldRows) ?? living.get((option as HeldRows).sha256)?.deref();

/** The schema of an option that is a table in code: rows, or what a configuration says of them. */
export const rowsOption: z.ZodType<readonly Row[] | HeldRows, readonly GivenRow[] | HeldRows> = z.unknown().transform(
  (input, context) => {
    const read = Array.isArray(input) ? readRows(input) : readHeld(input);
    if (typeof read !== "string") return read;
    context.issues.push({ code: "custom", message: read, input });
    return z.NEVER;
  },
) as unknown as z.ZodType<readonly Row[] | HeldRows, readonly GivenRow[] | HeldRows>;

function readRows(rows: readonly unknown[]): readonly Row[] | HeldRows | string {
  const odd = rows.findIndex((row) => !isRecord(row) || !Object.values(row).every(isCell));
  if (odd >= 0) return `row ${odd + 1} is no record of numbers, lists of them, texts, dates, NDArrays or nothing`;
  const table = rows as readonly Row[];
  if (table.length <= mostPlain && table.every((row) => Object.values(row).every(isPlain))) return table;
  const hash = createHash("sha256");
  for (const row of table) hash.update(JSON.stringify(encodeValue(row as Value)));
  const record = markHeld({ rows: table.length, sha256: hash.digest("hex") });
  held.set(record, table);
  living.set(record.sha256, new WeakRef(table));
  return record;
}

function readHeld(input: unknown): HeldRows | string {
  if (!isRecord(input) || typeof input.sha256 !== "string") return `expected a list of rows, found ${typeof input}`;
  const record = input as unknown as HeldRows, rows = rowsOf(record);
  if (rows === undefined) {
    return `the ${record.rows} rows of sha256 ${
      record.sha256.slice(0, 12)
    }... were given in code and are not in the configuration; give them again, or keep them in a file and name its path`;
  }
  held.set(record, rows);
  return record;
}

/** What a table may hold in a cell. */
const isCell = (cell: unknown): cell is Cell =>
  Array.isArray(cell)
    ? cell.every(isCell)
    : cell === undefined || cell === null || ["boolean", "number", "string", "bigint"].includes(typeof cell) ||
      cell instanceof Date || isNDArray(cell);

/** What JSON has, too. */
const isPlain = (cell: Cell): boolean =>
  (Array.isArray(cell) && cell.every(isPlain)) ||
  cell === null || typeof cell === "boolean" || typeof cell === "string" ||
  (Number.isFinite(cell) && !Object.is(cell, -0));
