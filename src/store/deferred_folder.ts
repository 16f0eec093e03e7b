import type { Appender, Batch, Bytes, Folder } from "./folder.ts";
import type { Lock, LockOptions } from "./lock.ts";

/** A {@linkcode Folder} whose code is loaded when it is first used. */
export class DeferredFolder implements Folder {
  readonly place: string;
  readonly #load: () => Promise<Folder>;

  constructor(place: string, load: () => Promise<Folder>) {
    this.place = place;
    this.#load = load;
  }

  async read(path: string, limit?: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return await (await this.#load()).read(path, limit);
  }

  async *blocks(path: string, from?: number, to?: number): AsyncGenerator<Uint8Array> {
    yield* (await this.#load()).blocks(path, from, to);
  }

  async info(path: string): Promise<{ size: number; modified: number } | undefined> {
    return await (await this.#load()).info(path);
  }

  async list(path: string): Promise<string[]> {
    return await (await this.#load()).list(path);
  }

  batch(): Batch {
    let batch: Promise<Batch> | undefined;
    const load = () => batch ??= this.#load().then((folder) => folder.batch());
    return {
      add: async (path: string, bytes: Bytes) => await (await load()).add(path, bytes),
      commit: async () => await (await batch)?.commit(),
      abort: async () => await (await batch)?.abort(),
    };
  }

  async note(path: string, text: string): Promise<void> {
    await (await this.#load()).note(path, text);
  }

  async append(path: string): Promise<Appender> {
    return await (await this.#load()).append(path);
  }

  async remove(paths: readonly string[]): Promise<void> {
    await (await this.#load()).remove(paths);
  }

  async rename(from: string, to: string): Promise<boolean> {
    return await (await this.#load()).rename(from, to);
  }

  async lock(path: string, options: LockOptions): Promise<Lock> {
    return await (await this.#load()).lock(path, options);
  }
}
