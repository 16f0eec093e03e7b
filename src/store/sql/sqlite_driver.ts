import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from "kysely";
import { setImmediate } from "node:timers/promises";
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";

/** So many prepared statements are kept. */
const statements = 100;
/** Milliseconds after which the event loop gets its turn. */
const working = 10;

/** kysely's dialect for a database that `node:sqlite` has opened. */
export const sqliteDialect = (database: DatabaseSync): Dialect => ({
  createAdapter: () => new SqliteDdlAdapter(),
  createDriver: () => new SqliteDriver(database),
  createIntrospector: (db) => new SqliteIntrospector(db),
  createQueryCompiler: () => new SqliteQueryCompiler(),
});

/** SQLite makes and changes tables in transactions, all or none; kysely leaves that aside. */
class SqliteDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** One connection; kysely gives it to one after the other. */
class SqliteDriver implements Driver {
  readonly #connection: SqliteConnection;
  #rested = 0;

  constructor(database: DatabaseSync) {
    this.#connection = new SqliteConnection(database);
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  /** SQLite works on the main thread: now and then, everything else gets its turn. */
  async acquireConnection(): Promise<DatabaseConnection> {
    if (performance.now() - this.#rested > working) {
      await setImmediate();
      this.#rested = performance.now();
    }
    return this.#connection;
  }

  releaseConnection(): Promise<void> {
    return Promise.resolve();
  }

  /** Takes the right to write at once: one that is taken later may be refused in mid-work. */
  beginTransaction(): Promise<void> {
    return this.#connection.run("begin immediate");
  }

  commitTransaction(): Promise<void> {
    return this.#connection.run("commit");
  }

  rollbackTransaction(): Promise<void> {
    return this.#connection.run("rollback").catch(() => {}); // the error that led here ended it
  }

  destroy(): Promise<void> {
    return Promise.resolve(this.#connection.close());
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  // deno-lint-ignore require-await -- what is thrown rejects
  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const statement = this.#prepare(sql), values = parameters as SQLInputValue[];
    if (statement.columns().length > 0) return { rows: statement.all(...values) as R[] };
    return { rows: [], numAffectedRows: BigInt(statement.run(...values).changes) };
  }

  // deno-lint-ignore require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw await Promise.resolve(new TypeError("Cannot stream a query of SqliteStore: nothing asks for that"));
  }

  // deno-lint-ignore require-await -- what is thrown rejects
  async run(sql: string): Promise<void> {
    this.#prepare(sql).run(); // exec() tells no error codes
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.delete(sql);
    this.#statements.set(sql, statement); // the last one used is the last to go
    if (this.#statements.size > statements) this.#statements.delete(this.#statements.keys().next().value!);
    return statement;
  }
}
