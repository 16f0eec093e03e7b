import { open } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import { MongoClient } from "mongodb";
import pg from "pg";
import type { JournalEntry } from "../../src/store/run/run_record.ts";

/** Inserts rows in bulk as one would with the driver alone; what resolves is as durable as a store's flush. */
export interface Bare {
  insert(entries: readonly JournalEntry[]): Promise<void>;
  close(): Promise<void>;
}

/** The rows of a table: a number to find them by, when, what and where, and the rest as JSON. */
const columns = "sequence, time, trigger, path, payload";
const types = "sequence bigint, time bigint, trigger text, path text, payload text";
const cellsOf = ({ sequence, time, trigger, path, payload }: JournalEntry) =>
  [sequence, time, trigger, path, JSON.stringify(payload)] as const;

/** Texts in a list. */
export function bareMemory(): Bare {
  const kept: string[] = [];
  return {
    insert: (entries) => {
      kept.length = 0;
      for (const entry of entries) kept.push(JSON.stringify(entry));
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/** Lines in a file, in one write. */
export function bareFile(path: string): Bare {
  return {
    insert: async (entries) => {
      const file = await open(path, "w");
      await file.writeFile(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
      await file.sync();
      await file.close();
    },
    close: () => Promise.resolve(),
  };
}

/** A prepared statement, in one transaction. */
export function bareSqlite(path: string): Bare {
  const database = new DatabaseSync(path);
  database.exec(`pragma journal_mode = wal; create table bare (${types})`);
  const insert = database.prepare(`insert into bare (${columns}) values (?, ?, ?, ?, ?)`);
  return {
    insert: (entries) => {
      database.exec("begin");
      for (const entry of entries) insert.run(...cellsOf(entry));
      database.exec("commit");
      return Promise.resolve();
    },
    close: () => Promise.resolve(database.close()),
  };
}

/** Statements of ten thousand rows, in one transaction. */
export async function barePostgres(options: pg.ClientConfig): Promise<Bare> {
  const client = new pg.Client(options), most = 10_000;
  await client.connect();
  await client.query(`create table bare (${types})`);
  return {
    insert: async (entries) => {
      await client.query("begin");
      for (let from = 0; from < entries.length; from += most) {
        const rows = entries.slice(from, from + most);
        const places = rows.map((_, i) =>
          `($${5 * i + 1}, $${5 * i + 2}, $${5 * i + 3}, $${5 * i + 4}, $${5 * i + 5})`
        );
        await client.query(`insert into bare (${columns}) values ${places.join(", ")}`, rows.flatMap(cellsOf));
      }
      await client.query("commit");
    },
    close: () => client.end(),
  };
}

/** One insertMany. */
export async function bareMongo(url: string): Promise<Bare> {
  const client = await new MongoClient(url, { writeConcern: { w: "majority", journal: true } }).connect();
  const collection = client.db("bare").collection("bare");
  return {
    insert: async (entries) => void await collection.insertMany(entries.map((entry) => ({ ...entry }))),
    close: () => client.close(),
  };
}
