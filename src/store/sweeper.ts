import type { Blobs } from "./blobs.ts";
import { hasCode } from "./disk_error.ts";
import type { Folder } from "./folder.ts";
import { readHead } from "./headed_json.ts";
import { mapParallel } from "./queue.ts";

/** Sweeping takes at most this share of the time, however many checkpoints a store has. */
const share = 1 / 20;

/** Deletes the blobs of a store that no checkpoint and no document refers to. */
export class Sweeper {
  readonly #folder: Folder;
  readonly #blobs: Blobs;
  #next = -Infinity;
  #waiting = false;

  constructor(folder: Folder, blobs: Blobs) {
    this.#folder = folder;
    this.#blobs = blobs;
  }

  /** Sweeps, unless that was done a moment ago: then it is left for the next time, or for `finish`. */
  async sweep(): Promise<void> {
    const started = performance.now();
    this.#waiting = started < this.#next;
    if (this.#waiting) return;
    await this.#blobs.sweep(() => findReferences(this.#folder), { minimumAge: 0 });
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

/** Every blob that a checkpoint or a collection refers to. @throws {SyntaxError} a file that doesn't say which */
export async function findReferences(folder: Folder): Promise<Set<string>> {
  const inside = async (path: string) => (await folder.list(path)).map((name) => `${path}/${name}`);
  const runs = await inside("runs");
  const checkpoints = (await mapParallel(runs, 16, (run) => inside(`${run}/checkpoints`).catch(unlessFile))).flat();
  const files = [...checkpoints, ...await inside("collections")].filter((path) => path.endsWith(".json"));
  const heads = await mapParallel(files, 16, (path) => readHead(folder, path));
  return new Set(heads.flatMap((head) => (head as { blobs?: string[] } | undefined)?.blobs ?? []));
}

/** Something else that lies among the runs. */
function unlessFile(error: unknown): string[] {
  if (hasCode(error, "ENOTDIR")) return [];
  throw error;
}
