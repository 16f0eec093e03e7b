import type { Cell, Row } from "../../data/reading/columns.ts";
import { NDArray } from "../../module/ndarray.ts";

/** What may stand for `?` or `$1` in a query. */
export type SqlParameter = null | boolean | number | string;

/** Rows at a time. */
const blockRows = 4096;

/**
 * The rows that a query finds in an SQLite file, in blocks. The file is only read. Whole numbers come as numbers, those
 * beyond 2^53 as bigints; blobs as uint8 NDArrays.
 *
 * @throws {Error} no such file, one that is no SQLite database, a query that it refuses; in its words
 */
export async function* sqliteRows(
  path: string,
  query: string,
  parameters: readonly SqlParameter[],
): AsyncGenerator<Row[]> {
  const { DatabaseSync } = await import("node:sqlite");
  const database = explained(path, () => new DatabaseSync(path, { readOnly: true }));
  const values = parameters.map((one) => typeof one === "boolean" ? Number(one) : one);
  try {
    const [rows, count] = explained(path, () => {
      const statement = database.prepare(query);
      statement.setReadBigInts(true);
      database.exec("begin"); // one state of the data for both
      const counted = database.prepare(`select count(*) as count from (${query.replace(/;\s*$/, "")}\n)`).all(
        ...values,
      );
      return [statement.iterate(...values), Number(counted[0]!.count)] as const;
    });
    let found = 0;
    for (let block = take(rows, path); block.length > 0; block = take(rows, path)) {
      found += block.length;
      yield block;
    }
    if (found !== count) throw failedMidway(path, found, count);
  } finally {
    database.close();
  }
}

/** Deno's iterator ends, and says nothing, where SQLite reports an error. */
const failedMidway = (path: string, found: number, count: number): Error =>
  new Error(
    `Cannot query "${path}": the query failed after ${found} of ${count} rows; try it in the sqlite3 program, which says why`,
  );

function take(rows: Iterator<Record<string, unknown>>, path: string): Row[] {
  const block: Row[] = [];
  while (block.length < blockRows) {
    const { done, value } = explained(path, () => rows.next());
    if (done) break;
    block.push(Object.fromEntries(Object.entries(value).map(([name, cell]) => [name, cellOf(cell)])));
  }
  return block;
}

function cellOf(cell: unknown): Cell {
  if (typeof cell === "bigint") return Number.isSafeInteger(Number(cell)) ? Number(cell) : cell;
  return cell instanceof Uint8Array ? new NDArray("uint8", [cell.length], Uint8Array.from(cell)) : cell as Cell;
}

function explained<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const { message } = cause as Error;
    const why = /unable to open/.test(message) ? "there is no such file, or it may not be read" : message;
    throw new Error(`Cannot query "${path}": ${why}; check the path and the query`, { cause });
  }
}
