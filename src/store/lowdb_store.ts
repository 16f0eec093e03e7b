import { resolve } from "node:path";
import { z } from "zod";
import type { AccessRequest, Document } from "./documents/access_request.ts";
import { blobsSlot } from "./blobs/blobs_slot.ts";
import { DBInterface } from "./db_interface.ts";
import { DiskFolder } from "./disk/disk_folder.ts";
import { openParts, type Parts } from "./parts.ts";
import type { Runs } from "./run/run_record.ts";

const schema = z.strictObject({
  path: z.string().min(1).default("runs").describe("the store's folder; made with the first thing written"),
  blobs: blobsSlot,
});

/**
 * A store in a folder: an index and documents through lowdb, a journal and checkpoints a run, arrays in safetensors
 * files. Several processes may use it at once.
 *
 * @example
 * ```ts
 * import { LowdbStore } from "ptutils";
 * const db = new LowdbStore({ path: await Deno.makeTempDir() });
 * await db.access({ write: { collection: "results", document: { score: 0.9 } } });
 * const [best] = await db.access({ query: { collection: "results", where: { score: { $gt: 0.5 } } } });
 * if (best!.score !== 0.9) throw new Error("unexpected");
 * ```
 */
export class LowdbStore extends DBInterface<typeof schema> {
  static override schema: z.ZodObject = schema;
  #parts: Parts | undefined;

  override get runs(): Runs {
    return this.#open().runs;
  }

  override get location(): string {
    return resolve(this.options.path);
  }

  override async access(request: AccessRequest): Promise<Document[]> {
    return await this.#open().collections.access(request);
  }

  #open(): Parts {
    return this.#parts ??= openParts(new DiskFolder(this.options.path), undefined, this.options.blobs?.build());
  }
}
