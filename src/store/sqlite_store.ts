import { resolve } from "node:path";
import { z } from "zod";
import type { AccessRequest, Document } from "./documents/access_request.ts";
import { blobsSlot } from "./blobs/blobs_slot.ts";
import { DBInterface } from "./db_interface.ts";
import type { Runs } from "./run/run_record.ts";
import { openSql, type SqlParts } from "./sql/open.ts";

const schema = z.strictObject({
  path: z.string().min(1).refine((path) => path !== ":memory:", "it is a file's; take a MemoryStore for none")
    .default("runs.sqlite").describe("the database's file; made with the first thing written"),
  blobs: blobsSlot,
});

/**
 * A store in one SQLite file: documents in a table that filters are tried on, runs and blobs beside them. Several
 * processes of one machine may use it at once.
 *
 * @example
 * ```ts
 * import { SqliteStore } from "ptutils";
 * const db = new SqliteStore({ path: `${await Deno.makeTempDir()}/results.sqlite` });
 * await db.access({ write: { collection: "results", document: { score: 0.9 } } });
 * const [best] = await db.access({ query: { collection: "results", where: { score: { $gt: 0.5 } } } });
 * if (best!.score !== 0.9) throw new Error("unexpected");
 * await db.close();
 * ```
 */
export class SqliteStore extends DBInterface<typeof schema> {
  static override schema: z.ZodObject = schema;
  #parts: SqlParts | undefined;

  override get runs(): Runs {
    return this.#open().runs;
  }

  override get location(): string {
    return resolve(this.options.path);
  }

  override async access(request: AccessRequest): Promise<Document[]> {
    return await this.#open().collections.access(request);
  }

  override async close(): Promise<void> {
    await this.#parts?.close();
  }

  #open(): SqlParts {
    return this.#parts ??= openSql(this.location, async () => {
      const { SqliteEngine } = await import("./sql/sqlite_engine.ts");
      return new SqliteEngine(this.location);
    }, { storage: this.options.blobs?.build() });
  }
}
