import { mkdir, open, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { syncFolder } from "../../module/atomic_write.ts";
import { appendFile, readBlocks, writeParts } from "./disk_file.ts";
import { explain, hasCode } from "./disk_error.ts";
import { lockFile } from "./file_lock.ts";
import { type Appender, type Batch, type Bytes, type Folder, partsOf, temporaryName } from "../folder.ts";
import type { Lock, LockOptions } from "../lock.ts";

/** A {@linkcode Folder} on a disk. */
export class DiskFolder implements Folder {
  readonly place: string;

  constructor(path: string) {
    this.place = resolve(path);
  }

  async read(path: string, limit?: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return await this.#reading(path, async (full) => {
      if (limit === undefined) return await Deno.readFile(full);
      const file = await open(full, "r");
      try {
        const { bytesRead, buffer } = await file.read(new Uint8Array(limit), 0, limit, 0);
        return buffer.subarray(0, bytesRead);
      } finally {
        await file.close();
      }
    });
  }

  blocks(path: string, from?: number, to?: number): AsyncIterable<Uint8Array> {
    return readBlocks(join(this.place, path), from, to);
  }

  async info(path: string): Promise<{ size: number; modified: number } | undefined> {
    return await this.#reading(path, async (full) => {
      const { size, mtimeMs } = await stat(full);
      return { size, modified: mtimeMs };
    });
  }

  async list(path: string): Promise<string[]> {
    return (await this.#reading(path, async (full) => (await readdir(full)).sort())) ?? [];
  }

  batch(): Batch {
    const staged: { temporary: string; full: string }[] = [];
    const abort = async () => {
      await Promise.all(staged.splice(0).map(({ temporary }) => rm(temporary, { force: true }).catch(() => {})));
    };
    const add = async (path: string, bytes: Bytes) => {
      const [full, temporary] = [join(this.place, path), this.#temporary(path)];
      staged.push({ temporary, full });
      await this.#writing(path, () => writeParts(temporary, partsOf(bytes)));
    };
    const commit = async () => {
      const folders = new Set(staged.map(({ full }) => dirname(full)));
      try {
        for (const { temporary, full } of staged) await this.#writing(full, () => rename(temporary, full));
      } finally {
        await abort();
      }
      await Promise.all([...folders].map(syncFolder));
    };
    return { add, commit, abort };
  }

  async note(path: string, text: string): Promise<void> {
    const temporary = this.#temporary(path);
    await this.#writing(path, () => writeFile(temporary, text));
    await this.#writing(path, () => rename(temporary, join(this.place, path)));
  }

  async append(path: string): Promise<Appender> {
    return await this.#writing(path, async (full) => {
      const file = await appendFile(full);
      await syncFolder(dirname(full));
      return file;
    });
  }

  async remove(paths: readonly string[]): Promise<void> {
    await Promise.all(
      paths.map((path) => this.#writing(path, (full) => rm(full, { recursive: true, force: true }), "remove")),
    );
    const parents = new Set(paths.map((path) => dirname(join(this.place, path))));
    await Promise.all([...parents].map((path) => syncFolder(path).catch(() => {}))); // gone itself
  }

  async rename(from: string, to: string): Promise<boolean> {
    const [old, full] = [join(this.place, from), join(this.place, to)];
    try {
      await rename(old, full);
    } catch (error) {
      if (hasCode(error, "ENOTEMPTY", "EEXIST")) return false;
      if (hasCode(error, "EPERM", "EACCES") && await stat(full).catch(() => undefined)) return false; // Windows
      throw explain(error, "rename", old);
    }
    await syncFolder(dirname(full));
    return true;
  }

  async lock(path: string, options: LockOptions): Promise<Lock> {
    return await this.#writing(path, (full) => lockFile(full, options), "lock");
  }

  #temporary(path: string): string {
    return join(this.place, dirname(path), temporaryName(basename(path)));
  }

  async #reading<T>(path: string, work: (full: string) => Promise<T>): Promise<T | undefined> {
    const full = join(this.place, path);
    try {
      return await work(full);
    } catch (error) {
      if (hasCode(error, "ENOENT")) return undefined;
      throw explain(error, "read", full);
    }
  }

  /** Makes the folder when it turns out to be missing. */
  async #writing<T>(path: string, work: (full: string) => Promise<T>, verb = "write"): Promise<T> {
    const full = resolve(this.place, path);
    try {
      return await work(full).catch(async (error) => {
        if (!hasCode(error, "ENOENT")) throw error;
        await makeFolder(dirname(full));
        return await work(full);
      });
    } catch (error) {
      throw explain(error, verb, full);
    }
  }
}

/** Makes a folder and those above it, durably. */
async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}
