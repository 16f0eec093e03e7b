import { type Appender, type Batch, type Bytes, type Folder, partsOf } from "../folder.ts";
import type { Lock, LockOptions } from "../lock.ts";
import type { ObjectStorage } from "./object_storage.ts";
import { mapParallel } from "../queue.ts";

const prefix = "blobs/";
const width = 8;

const nameOf = (path: string): string | undefined => path.startsWith(prefix) ? path.slice(prefix.length) : undefined;

/**
 * A {@linkcode Folder} whose blobs lie in an object storage. A blob is named by its content and nothing refers to it
 * before all of them are written, so that one may be seen before its batch's commit; one of a batch that came to nothing
 * is swept as others are.
 */
export class BlobsElsewhere implements Folder {
  readonly place: string;
  readonly #folder: Folder;
  readonly #storage: ObjectStorage;

  constructor(folder: Folder, storage: ObjectStorage) {
    this.place = folder.place;
    this.#folder = folder;
    this.#storage = storage;
  }

  async read(path: string, limit?: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const name = nameOf(path);
    return await (name === undefined ? this.#folder.read(path, limit) : this.#storage.get(name, limit));
  }

  async *blocks(path: string, from = 0, to = Infinity): AsyncGenerator<Uint8Array> {
    const name = nameOf(path);
    if (name === undefined) return yield* this.#folder.blocks(path, from, to);
    const bytes = await this.#storage.get(name, to);
    if (bytes !== undefined) yield bytes.subarray(from);
  }

  async info(path: string): Promise<{ size: number; modified: number } | undefined> {
    const name = nameOf(path);
    return await (name === undefined ? this.#folder.info(path) : this.#storage.info(name));
  }

  async list(path: string): Promise<string[]> {
    return await (path === "blobs" ? this.#storage.list() : this.#folder.list(path));
  }

  batch(): Batch {
    const batch = this.#folder.batch();
    const add = async (path: string, bytes: Bytes) => {
      const name = nameOf(path);
      await (name === undefined ? batch.add(path, bytes) : this.#storage.put(name, partsOf(bytes)));
    };
    return { add, commit: () => batch.commit(), abort: () => batch.abort() };
  }

  note(path: string, text: string): Promise<void> {
    return this.#folder.note(path, text);
  }

  append(path: string): Promise<Appender> {
    return this.#folder.append(path);
  }

  async remove(paths: readonly string[]): Promise<void> {
    const names = paths.map(nameOf).filter((name) => name !== undefined);
    await mapParallel(names, width, (name) => this.#storage.remove(name));
    await this.#folder.remove(paths.filter((path) => nameOf(path) === undefined));
  }

  rename(from: string, to: string): Promise<boolean> {
    return this.#folder.rename(from, to);
  }

  lock(path: string, options: LockOptions): Promise<Lock> {
    return this.#folder.lock(path, options);
  }
}
