import type { z } from "zod";
import type { AccessRequest, Document } from "./documents/access_request.ts";
import { DBInterface } from "./db_interface.ts";
import { postgresSchema, postgresSettings } from "./sql/postgres_options.ts";
import type { Runs } from "./run/run_record.ts";
import { openSql, type SqlParts } from "./sql/open.ts";

/**
 * A store in a schema of a PostgreSQL database: documents in a table that filters are tried on, runs and blobs beside
 * them. The database must exist; the tables are made by the first write. The password comes from the environment or a
 * file. Its locks need a connection to the server itself, not to a pooler of transactions.
 *
 * @example
 * ```ts
 * import { PostgresStore } from "ptutils";
 * const db = new PostgresStore({ host: "127.0.0.1", database: "lab", user: "ada", passwordEnv: "LAB_PASSWORD" });
 * if (db.location !== "127.0.0.1:5432/lab") throw new Error("unexpected"); // nothing is connected yet
 * ```
 */
export class PostgresStore extends DBInterface<typeof postgresSchema> {
  static override schema: z.ZodObject = postgresSchema;
  static instead: Readonly<Record<string, string>> = {
    password: "no password, which would be recorded: set PGPASSWORD, or passwordEnv or passwordFile",
    address: "url",
    connectionString: "url",
  };
  #parts: SqlParts | undefined;

  override get runs(): Runs {
    return this.#open().runs;
  }

  /** `host:port/database`, and the schema if it is another than the usual one. */
  override get location(): string {
    const { host, port, database, schema } = postgresSettings(this.options);
    return `${host}:${port}/${database}${schema === "public" ? "" : `/${schema}`}`;
  }

  override async access(request: AccessRequest): Promise<Document[]> {
    return await this.#open().collections.access(request);
  }

  override async close(): Promise<void> {
    await this.#parts?.close();
  }

  #open(): SqlParts {
    const settings = postgresSettings(this.options);
    return this.#parts ??= openSql(this.location, async () => {
      const { PostgresEngine } = await import("./sql/postgres_engine.ts");
      return new PostgresEngine(this.location, settings);
    }, { schema: settings.schema, storage: this.options.blobs?.build() });
  }
}
