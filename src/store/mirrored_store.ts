import { z } from "zod";
import { slot } from "../module/slot.ts";
import type { AccessRequest, Document } from "./documents/access_request.ts";
import { CatchUp } from "./mirror/catch_up.ts";
import { DBInterface } from "./db_interface.ts";
import { LowdbStore } from "./lowdb_store.ts";
import { Mirror } from "./mirror/mirror.ts";
import { MirroredDocuments } from "./mirror/mirrored_documents.ts";
import { MirroredRuns } from "./mirror/mirrored_runs.ts";
import { RemoteLine } from "./mirror/remote_line.ts";
import { within } from "./within.ts";
import type { Runs } from "./run/run_record.ts";

const schema = z.strictObject({
  local: slot(DBInterface, undefined, LowdbStore).prefault({}).describe("the fast store, written first and read"),
  remote: slot(DBInterface).describe("the durable store, which catches up"),
  queue: z.int().positive().default(10_000)
    .describe("how many entries of a run's journal, or writes of documents, the remote store may lag behind"),
  whenUnreachable: z.enum(["continue", "pause"]).default("continue")
    .describe("while the remote store can't be reached: go on with the local one alone, or pause until it can"),
  patience: z.number().positive().default(10)
    .describe("seconds after which a remote store that doesn't answer counts as out of reach; opening waits so long"),
  closing: z.number().nonnegative().default(30)
    .describe(
      "seconds to wait for the remote store to have the rest, when a run or the store is closed; " +
        "a request that it is just answering has until its patience ends",
    ),
});

interface Parts {
  runs: MirroredRuns;
  documents: MirroredDocuments;
  catchUp: CatchUp;
  line: RemoteLine;
}

/**
 * Two stores at once: everything is written to a fast local one, and brought to a durable remote one beside the work
 * that goes on. Nothing is lost while that can't be reached, or when the process dies: the local store has it, and it
 * follows the next time. A run that only the remote store has, or on which somebody else went on there, is fetched when
 * it is asked for.
 *
 * Opening a run asks the remote store whether somebody went on there, and closing one lets the request end that goes on,
 * so that nothing stays locked there: a store that doesn't answer, of which that isn't known yet, holds up either for
 * the whole `patience`. Once it is known to be out of reach, opening doesn't ask it, but for a try every few seconds, and
 * closing waits no longer than `closing` once more.
 *
 * @example
 * ```ts
 * import { MemoryStore, MirroredStore } from "ptutils";
 * const remote = new MemoryStore();
 * const db = new MirroredStore({ local: "MemoryStore", remote });
 * await db.access({ write: { collection: "results", document: { score: 0.9 } } });
 * await db.close(); // waits until the remote store has it too
 * const [found] = await remote.access({ read: { collection: "results" } });
 * if (found!.score !== 0.9) throw new Error("unexpected");
 * ```
 */
export class MirroredStore extends DBInterface<typeof schema> {
  static override schema: z.ZodObject = schema;
  static instead: Readonly<Record<string, string>> = {
    fast: "local",
    cache: "local",
    durable: "remote",
    slow: "remote",
  };

  // Not children: where a run is kept is no part of its state, which another store may have to take.
  readonly #local: DBInterface = this.options.local.build();
  readonly #remote: DBInterface = this.options.remote.build();
  #parts: Parts | undefined;

  /** The fast store, written first and read. */
  get local(): DBInterface {
    return this.#local;
  }

  /** The durable store, which catches up. */
  get remote(): DBInterface {
    return this.#remote;
  }

  override get runs(): Runs {
    return this.#open().runs;
  }

  /** That of the local store. */
  override get location(): string | undefined {
    return this.local.location;
  }

  override async access(request: AccessRequest): Promise<Document[]> {
    return await this.#open().documents.access(request);
  }

  /**
   * Waits until the remote store has all, for so long as it is configured to, and lets go of both.
   *
   * @throws {Error} the remote store lacks something: what; the local store has it, and it follows the next time
   */
  override async close(): Promise<void> {
    if (this.#parts === undefined) return;
    const { catchUp, line } = this.#parts;
    const { closing, patience } = this.options;
    const missing = await catchUp.finish(closing * 1000);
    catchUp.stop();
    this.#parts = undefined;
    const wait = line.leaving;
    await Promise.allSettled([within(this.remote.close(), wait), within(this.local.close(), patience * 1000)]);
    if (missing !== undefined) {
      throw new Error(`Cannot bring everything to the remote store: ${missing} ${left(closing)}`);
    }
  }

  #open(): Parts {
    if (this.#parts !== undefined) return this.#parts;
    const { queue, whenUnreachable, patience, closing } = this.options;
    const mirror: Mirror = new Mirror({
      local: this.local,
      line: new RemoteLine(this.remote, patience * 1000, closing * 1000),
      queue,
      pauses: whenUnreachable === "pause",
      closing: closing * 1000,
      behind: (id) => catchUp.add(id),
      free: (id) => catchUp.free(id),
      warn: (message) => void this.status.warn(message),
      archives: () => catchUp.archives,
    });
    mirror.line.listen(mirror.warn);
    const runs = new MirroredRuns(mirror);
    const documents = new MirroredDocuments(mirror, () => catchUp.soon());
    const catchUp: CatchUp = new CatchUp(mirror, documents, (id) => runs.isOpen(id));
    catchUp.soon();
    return this.#parts = { runs, documents, catchUp, line: mirror.line };
  }
}

const left = (seconds: number): string =>
  `did not get there in ${seconds} s; the local store has it, and it follows the next time this store is used`;
