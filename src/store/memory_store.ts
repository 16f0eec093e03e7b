import type { z } from "zod";
import type { AccessRequest, Document } from "./documents/access_request.ts";
import { DBInterface } from "./db_interface.ts";
import { MemoryFolder } from "./memory_folder.ts";
import { openParts, type Parts } from "./parts.ts";
import type { Runs } from "./run/run_record.ts";

/**
 * A store in memory, gone with the process: for tests and for trying things out.
 *
 * @example
 * ```ts
 * import { MemoryStore } from "ptutils";
 * const db = new MemoryStore();
 * const [written] = await db.access({ write: { collection: "results", document: { score: 0.9 } } });
 * if (typeof written!._id !== "string") throw new Error("unexpected");
 * ```
 */
export class MemoryStore extends DBInterface<z.ZodObject<Record<never, never>>> {
  readonly #parts: Parts = openParts(new MemoryFolder());

  override get runs(): Runs {
    return this.#parts.runs;
  }

  override async access(request: AccessRequest): Promise<Document[]> {
    return await this.#parts.collections.access(request);
  }
}
