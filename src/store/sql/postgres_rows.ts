import type { Client, ClientConfig } from "pg";
import { type Cell, columnOf, type Row } from "../../data/reading/columns.ts";
import { filledIn, shownAddress } from "../../data/reading/location.ts";
import { isNDArray, NDArray } from "../../module/ndarray.ts";
import type { SqlParameter } from "./sqlite_rows.ts";

/** Rows at a time. */
const blockRows = 4096;
/** Milliseconds that a server may take to answer at first. */
const patience = 30_000;

/** Postgres's types, by their numbers, that are not taken as they come. */
const parsers: Readonly<Record<number, (text: string) => Cell>> = {
  20: wholeNumber,
  1700: Number, // numeric
  17: (text) => bytes(Uint8Array.from(text.slice(2).match(/../g) ?? [], (byte) => parseInt(byte, 16))), // bytea
  1082: String, // dates and times without a zone are no moments
  1083: String,
  1114: String,
  114: json,
  3802: json,
};

/**
 * The rows that a query finds in a Postgres database, in blocks: by a cursor, in a transaction that only reads and sees
 * one state of the data. 64-bit integers beyond 2^53 come as bigints, `bytea` as uint8 NDArrays, arrays of numbers as
 * NDArrays, dates and times without a zone as text.
 *
 * @param address `postgres://user@host:5432/database`; `${NAME}` in it stands for a variable of the environment
 * @throws {Error} no connection, or a query that it refuses; in its words, without the login
 */
export async function* postgresRows(
  address: string,
  query: string,
  parameters: readonly SqlParameter[],
): AsyncGenerator<Row[]> {
  const shown = shownAddress(address), client = await connect(address, shown);
  const run = (sql: string, values: readonly unknown[] = []) =>
    client.query(sql, [...values]).catch((cause: unknown) => {
      throw failed(shown, cause, "check the query");
    });
  try {
    await run("begin transaction isolation level repeatable read, read only");
    await run(`declare ptutils_rows no scroll cursor for ${query.replace(/;\s*$/, "")}`, parameters);
    for (;;) {
      const { rows } = await run(`fetch ${blockRows} from ptutils_rows`);
      if (rows.length === 0) return;
      yield rows.map((row: Record<string, unknown>) =>
        Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cellOf(cell)]))
      );
    }
  } finally {
    await client.end().catch(() => {});
  }
}

async function connect(address: string, shown: string): Promise<Client> {
  const { default: pg } = await import("pg");
  const getTypeParser = (type: number, format?: string) =>
    format === "binary" || parsers[type] === undefined ? pg.types.getTypeParser(type, format as "text") : parsers[type];
  const client = new pg.Client({
    connectionString: filledIn(address),
    connectionTimeoutMillis: patience,
    types: { getTypeParser } as ClientConfig["types"],
  });
  client.on("error", () => {}); // what is asked next says it
  try {
    await client.connect();
    return client;
  } catch (cause) {
    await client.end().catch(() => {});
    throw failed(shown, cause, "check the address, the login (PGPASSWORD, or ${NAME} in the address) and the network");
  }
}

/** Without the cause: it may hold the connection's settings. */
const failed = (shown: string, cause: unknown, mend: string): Error => {
  const { message, code, errors } = cause as Error & { code?: string; errors?: Error[] };
  return new Error(`Cannot query "${shown}": ${message || errors?.[0]?.message || code}; ${mend}`);
};

function cellOf(value: unknown): Cell {
  if (value instanceof Uint8Array) return bytes(value);
  if (!Array.isArray(value)) return value as Cell;
  const numbers = columnOf(value as Cell[]);
  return isNDArray(numbers) ? numbers : JSON.stringify(value);
}

const bytes = (data: Uint8Array): NDArray => new NDArray("uint8", [data.length], Uint8Array.from(data));

function wholeNumber(text: string): number | bigint {
  return Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text);
}

/** A list of numbers is one; any other JSON stays text. */
function json(text: string): Cell {
  const value = JSON.parse(text);
  const numbers = Array.isArray(value) ? columnOf(value) : undefined;
  return isNDArray(numbers) ? numbers : text;
}
