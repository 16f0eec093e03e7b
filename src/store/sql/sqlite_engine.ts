import { Kysely, type RawBuilder, sql } from "kysely";
import { mkdir, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DiskFolder } from "../disk/disk_folder.ts";
import { explain, hasCode } from "../disk/disk_error.ts";
import type { Lock, LockOptions } from "../lock.ts";
import type { ColumnTypes, Engine, Sql, Work } from "./engine.ts";
import { sqliteDialect } from "./sqlite_driver.ts";
import { explainSqlite, isBusy, isMissingTable } from "./sqlite_error.ts";
import { sqliteJson } from "./sqlite_json.ts";
import type { Tables } from "./tables.ts";

/** A database in a file, by `node:sqlite`; locks are files beside it, which the system releases. */
export class SqliteEngine implements Engine {
  readonly place: string;
  readonly wait = 10_000;
  readonly embedded = true;
  readonly json = sqliteJson;
  readonly types: ColumnTypes = {
    id: sql`integer`, // with "primary key" it counts by itself
    text: "text",
    integer: "integer",
    bytes: "blob",
    search: "integer",
  };
  readonly #locks: DiskFolder;
  #sql: Promise<Sql> | undefined;

  constructor(path: string) {
    this.place = resolve(path);
    this.#locks = new DiskFolder(`${this.place}-locks`);
  }

  async connect(make: boolean): Promise<Sql | undefined> {
    if (this.#sql === undefined && !make && !await this.#isThere()) return undefined;
    return await (this.#sql ??= this.#open().catch((error) => {
      this.#sql = undefined;
      throw error;
    }));
  }

  async close(): Promise<void> {
    const open = this.#sql;
    this.#sql = undefined;
    await (await open)?.destroy();
  }

  now(): RawBuilder<number> {
    return sql<number>`${Date.now()}`;
  }

  firstName(text: RawBuilder<string>): RawBuilder<string> {
    return sql<string>`substr(${text}, 1, instr(${text} || '/', '/') - 1)`;
  }

  /** A transaction is alone in any case. */
  alone(): Promise<void> {
    return Promise.resolve();
  }

  async transaction<T>(db: Sql, durable: boolean, work: (work: Work) => Promise<T>): Promise<T> {
    return await db.connection().execute(async (connection) => {
      await sql`pragma synchronous = ${sql.raw(durable ? "full" : "normal")}`.execute(connection);
      return await connection.transaction().execute(work);
    });
  }

  async migrating<T>(work: () => Promise<T>): Promise<T> {
    const lock = await this.lock("locks/tables.lock", { what: `the tables of "${this.place}"`, wait: this.wait });
    try {
      return await work();
    } finally {
      lock.release();
    }
  }

  isMissingTable(error: unknown): boolean {
    return isMissingTable(error);
  }

  isPassing(error: unknown): "passing" | undefined {
    return isBusy(error) ? "passing" : undefined;
  }

  explain(error: unknown, verb: string): unknown {
    return explainSqlite(error, verb, this.place, this.wait);
  }

  async lock(path: string, options: LockOptions): Promise<Lock> {
    return await this.#locks.lock(basename(path), options);
  }

  /** The system takes a lock from a process only when that ends. */
  checkLocks(): Promise<void> {
    return Promise.resolve();
  }

  async #isThere(): Promise<boolean> {
    try {
      return (await stat(this.place)).size > 0;
    } catch (error) {
      if (hasCode(error, "ENOENT")) return false;
      throw explain(error, "read", this.place);
    }
  }

  async #open(): Promise<Sql> {
    try {
      await mkdir(dirname(this.place), { recursive: true });
    } catch (error) {
      throw explain(error, "write", this.place);
    }
    const database = new DatabaseSync(this.place, { timeout: 0, enableForeignKeyConstraints: true });
    try {
      database.exec(
        "pragma journal_mode = wal; pragma wal_autocheckpoint = 4000; pragma journal_size_limit = 16777216",
      );
    } catch (error) {
      database.close();
      throw error;
    }
    return new Kysely<Tables>({ dialect: sqliteDialect(database) });
  }
}
