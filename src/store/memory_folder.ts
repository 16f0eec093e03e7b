import { Buffer } from "node:buffer";
import { type Appender, type Batch, type Folder, partsOf } from "./folder.ts";
import { type Holder, type Lock, type LockOptions, thisHolder, waitForLock } from "./lock.ts";

interface File {
  bytes: Uint8Array<ArrayBuffer>;
  /** How much of the bytes is used. */
  size: number;
  modified: number;
}

/** A {@linkcode Folder} in memory. */
export class MemoryFolder implements Folder {
  readonly place = "memory";
  readonly #files = new Map<string, File>();
  readonly #locks = new Map<string, Set<Holder & { shared: boolean }>>();

  read(path: string, limit = Infinity): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const file = this.#files.get(path);
    return Promise.resolve(file?.bytes.slice(0, Math.min(limit, file.size)));
  }

  async *blocks(path: string, from = 0, to = Infinity): AsyncGenerator<Uint8Array> {
    const file = this.#files.get(path);
    if (file !== undefined) yield await Promise.resolve(file.bytes.slice(from, Math.min(to, file.size)));
  }

  info(path: string): Promise<{ size: number; modified: number } | undefined> {
    const file = this.#files.get(path);
    return Promise.resolve(file && { size: file.size, modified: file.modified });
  }

  list(path: string): Promise<string[]> {
    const inside = [...this.#files.keys()].filter((name) => path === "" || name.startsWith(`${path}/`));
    const names = inside.map((name) => name.slice(path === "" ? 0 : path.length + 1).split("/")[0]!);
    return Promise.resolve([...new Set(names)].sort());
  }

  batch(): Batch {
    const staged = new Map<string, Uint8Array<ArrayBuffer>>();
    return {
      add: (path, bytes) => {
        staged.set(path, Uint8Array.from(Buffer.concat(partsOf(bytes))));
        return Promise.resolve();
      },
      commit: () => {
        for (const [path, bytes] of staged) this.#set(path, bytes);
        return Promise.resolve(staged.clear());
      },
      abort: () => Promise.resolve(staged.clear()),
    };
  }

  note(path: string, text: string): Promise<void> {
    return Promise.resolve(this.#set(path, new TextEncoder().encode(text)));
  }

  append(path: string): Promise<Appender> {
    if (!this.#files.has(path)) this.#set(path, new Uint8Array());
    const file = this.#files.get(path)!;
    return Promise.resolve({
      write: (bytes) => Promise.resolve(grow(file, bytes)),
      truncate: (length) => Promise.resolve(void (file.size = Math.min(file.size, length))),
      sync: () => Promise.resolve(),
      close: () => {},
    });
  }

  remove(paths: readonly string[]): Promise<void> {
    for (const path of paths) for (const name of this.#within(path)) this.#files.delete(name);
    return Promise.resolve();
  }

  rename(from: string, to: string): Promise<boolean> {
    if (this.#within(to).length > 0) return Promise.resolve(false);
    const moved = this.#within(from);
    if (moved.length === 0) {
      return Promise.reject(new Error(`Cannot rename "${from}": there is none; look at its list`));
    }
    for (const name of moved) {
      this.#files.set(to + name.slice(from.length), this.#files.get(name)!);
      this.#files.delete(name);
    }
    return Promise.resolve(true);
  }

  async lock(path: string, options: LockOptions): Promise<Lock> {
    const holder = { ...thisHolder(options.what), shared: options.shared ?? false };
    const holders = this.#locks.get(path) ?? new Set();
    this.#locks.set(path, holders);
    const attempt = () => {
      const free = holders.size === 0 || (holder.shared && [...holders].every(({ shared }) => shared));
      if (free) holders.add(holder);
      return Promise.resolve(free);
    };
    await waitForLock(attempt, () => Promise.resolve([...holders][0]), options);
    return { release: () => void holders.delete(holder) };
  }

  #set(path: string, bytes: Uint8Array<ArrayBuffer>): void {
    this.#files.set(path, { bytes, size: bytes.length, modified: Date.now() });
  }

  #within(path: string): string[] {
    return [...this.#files.keys()].filter((name) => name === path || name.startsWith(`${path}/`));
  }
}

function grow(file: File, bytes: Uint8Array): void {
  if (file.size + bytes.length > file.bytes.length) {
    const larger = new Uint8Array(Math.max(2 * file.bytes.length, file.size + bytes.length));
    larger.set(file.bytes.subarray(0, file.size));
    file.bytes = larger;
  }
  file.bytes.set(bytes, file.size);
  file.size += bytes.length;
  file.modified = Date.now();
}
