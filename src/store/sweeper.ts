import type { Blobs } from "./blobs/blobs.ts";
import { hasCode } from "./disk/disk_error.ts";
import type { DocumentTable } from "./documents/document_table.ts";
import type { Folder } from "./folder.ts";
import { readHead } from "./headed_json.ts";
import { mapParallel } from "./queue.ts";

/** Sweeping takes at most this share of the time, however many checkpoints a store has. */
const share = 1 / 20;

/** Deletes the blobs of a store that no checkpoint and no document refers to. */
export class Sweeper {
  readonly #folder: Folder;
  readonly #blobs: Blobs;
  readonly #table: DocumentTable;
  #next = -Infinity;
  #waiting = false;

  constructor(folder: Folder, blobs: Blobs, table: DocumentTable) {
    this.#folder = folder;
    this.#blobs = blobs;
    this.#table = table;
  }

  /** Sweeps, unless that was done a moment ago: then it is left for the next time, or for `finish`. */
  async sweep(): Promise<void> {
    const started = performance.now();
    this.#waiting = started < this.#next;
    if (this.#waiting) return;
    await this.#blobs.sweep(() => findReferences(this.#folder, this.#table), { minimumAge: 0 });
    const ended = performance.now();
    this.#next = ended + (ended - started) / share;
  }

  /** Does what was left. */
  async finish(): Promise<void> {
    if (!this.#waiting) return;
    this.#next = -Infinity;
    await this.sweep();
  }
}

/** Every blob that a checkpoint or a document refers to. @throws {SyntaxError} a file that doesn't say which */
export async function findReferences(folder: Folder, table: DocumentTable): Promise<Set<string>> {
  const inside = async (path: string) => (await folder.list(path)).map((name) => `${path}/${name}`);
  const runs = await inside("runs");
  const checkpoints = (await mapParallel(runs, 16, (run) => inside(`${run}/checkpoints`).catch(unlessFile))).flat();
  const files = checkpoints.filter((path) => path.endsWith(".json"));
  const heads = await mapParallel(files, 16, (path) => readHead(folder, path));
  const used = heads.flatMap((head) => (head as { blobs?: string[] } | undefined)?.blobs ?? []);
  return new Set([...used, ...await table.references()]);
}

/** Something else that lies among the runs. */
function unlessFile(error: unknown): string[] {
  if (hasCode(error, "ENOTDIR")) return [];
  throw error;
}
