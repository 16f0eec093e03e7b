import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";
import type { PgPool, PgResult, PooledClient } from "./postgres_client.ts";
import { isLost, markUnknown } from "./postgres_error.ts";

/** kysely's dialect for a pool of `pg`'s clients. Unlike kysely's own, a broken connection is never used again. */
export const postgresDialect = (pool: PgPool): Dialect => ({
  createAdapter: () => new PostgresAdapter(),
  createDriver: () => new PostgresDriver(pool),
  createIntrospector: (db) => new PostgresIntrospector(db),
  createQueryCompiler: () => new PostgresQueryCompiler(),
});

class PostgresDriver implements Driver {
  readonly #pool: PgPool;

  constructor(pool: PgPool) {
    this.#pool = pool;
  }

  init(): Promise<void> {
    return Promise.resolve();
  }

  async acquireConnection(): Promise<PostgresConnection> {
    return new PostgresConnection(await this.#pool.connect());
  }

  async beginTransaction(connection: PostgresConnection): Promise<void> {
    await connection.run("begin");
  }

  async commitTransaction(connection: PostgresConnection): Promise<void> {
    try {
      const { command } = await connection.run("commit");
      if (command !== "COMMIT") throw new Error("Cannot commit: the transaction had failed; do it again");
    } catch (error) {
      if (isLost(error)) markUnknown(error); // it may have arrived
      throw error;
    }
  }

  /** On a broken connection, the server does it by itself. */
  async rollbackTransaction(connection: PostgresConnection): Promise<void> {
    if (!connection.broken) await connection.run("rollback").catch(() => {});
  }

  releaseConnection(connection: PostgresConnection): Promise<void> {
    return Promise.resolve(connection.release());
  }

  async destroy(): Promise<void> {
    await this.#pool.end();
  }
}

class PostgresConnection implements DatabaseConnection {
  readonly #client: PooledClient;
  broken = false;

  constructor(client: PooledClient) {
    this.#client = client;
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, rowCount } = await this.run(sql, parameters);
    return { rows: rows as R[], numAffectedRows: BigInt(rowCount ?? 0) };
  }

  // deno-lint-ignore require-yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw await Promise.resolve(new TypeError("Cannot stream a query of PostgresStore: nothing asks for that"));
  }

  async run(text: string, values: readonly unknown[] = []): Promise<PgResult> {
    try {
      return await this.#client.query({ text, values });
    } catch (error) {
      this.broken ||= isLost(error);
      throw error;
    }
  }

  release(): void {
    this.#client.release(this.broken);
  }
}
