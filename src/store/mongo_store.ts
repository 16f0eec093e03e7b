import type { z } from "zod";
import type { AccessRequest, Document } from "./documents/access_request.ts";
import { blobsSlot } from "./blobs/blobs_slot.ts";
import { DBInterface } from "./db_interface.ts";
import { type MongoParts, openMongo } from "./mongo/open.ts";
import { locationOf, mongoOptions, placeOf } from "./mongo/options.ts";
import type { Runs } from "./run/run_record.ts";

const schema = mongoOptions.extend({ blobs: blobsSlot });

/**
 * A store in a MongoDB database (or in one of a server that speaks its protocol): documents, journals and checkpoints as
 * documents, arrays in GridFS. Several processes on several computers may use it at once; locks are leases, which a
 * process that has died, or can't reach the server for `lease` seconds, loses.
 *
 * A user's password is read from the environment variable `MONGODB_PASSWORD` (or the one named by `passwordEnv`) or from
 * the `passwordFile`; it is not among the options, which are recorded with each run.
 *
 * @example
 * ```ts
 * import { MongoStore } from "ptutils";
 * const db = new MongoStore({ host: "db.example.org", database: "lab", user: "ada" }); // connects when first used
 * if (db.location !== "mongodb://db.example.org:27017/lab") throw new Error("unexpected");
 * await db.close();
 * ```
 */
export class MongoStore extends DBInterface<typeof schema> {
  static override schema: z.ZodObject = schema;
  static instead: Readonly<Record<string, string>> = {
    password: "no password, which would be recorded: set MONGODB_PASSWORD, or passwordEnv or passwordFile",
    address: "url",
  };
  #parts: MongoParts | undefined;

  override get runs(): Runs {
    return this.#open().runs;
  }

  override get location(): string {
    return locationOf(this.options);
  }

  override async access(request: AccessRequest): Promise<Document[]> {
    return await this.#open().collections.access(request);
  }

  override async close(): Promise<void> {
    await this.#parts?.close();
  }

  #open(): MongoParts {
    return this.#parts ??= openMongo(placeOf(this.options), this.options.lease * 1000, this.options.blobs?.build());
  }
}
