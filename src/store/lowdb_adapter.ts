import { type Adapter, Low } from "lowdb";
import { type Folder, locked, sweepTemporaries, writeFile } from "./folder.ts";

/** How data become a file's text and back. */
export interface TextFormat<T> {
  parse(text: string): T;
  stringify(data: T): string;
}

/** A lowdb adapter for one file of a {@linkcode Folder}: written atomically and durably; `null` when there is none. */
export class FolderAdapter<T> implements Adapter<T> {
  readonly #folder: Folder;
  readonly #path: string;
  readonly #format: TextFormat<T>;

  constructor(folder: Folder, path: string, format: TextFormat<T>) {
    this.#folder = folder;
    this.#path = path;
    this.#format = format;
  }

  async read(): Promise<T | null> {
    const bytes = await this.#folder.read(this.#path);
    return bytes === undefined ? null : this.#format.parse(new TextDecoder().decode(bytes));
  }

  async write(data: T): Promise<void> {
    await writeFile(this.#folder, this.#path, this.#format.stringify(data));
  }
}

/** lowdb for a file that several processes use: each update reads it again under a lock, so that none is lost. */
export class SharedLow<T> {
  readonly #adapter: FolderAdapter<T>;
  readonly #folder: Folder;
  readonly #path: string;
  readonly #empty: () => T;
  #swept = false;

  constructor(folder: Folder, path: string, format: TextFormat<T>, empty: () => T) {
    this.#adapter = new FolderAdapter(folder, path, format);
    this.#folder = folder;
    this.#path = path;
    this.#empty = empty;
  }

  /** The data as they are now; undefined when there is no file. */
  async read(): Promise<T | undefined> {
    return (await this.#adapter.read()) ?? undefined;
  }

  /**
   * Reads, changes and writes under the lock; what `change` throws leaves the file as it was.
   *
   * @param change gets lowdb's data to change; false when there is nothing to write
   * @param repair stands in for a file that can't be parsed
   */
  async update<R>(
    change: (low: Low<T>) => R | Promise<R>,
    { repair, wait }: { repair?: (error: unknown) => Promise<T>; wait?: number } = {},
  ): Promise<R> {
    const options = { what: `"${this.#folder.place}/${this.#path}"`, wait };
    return await locked(this.#folder, `locks/${this.#path.replaceAll("/", ".")}.lock`, options, async () => {
      await this.#sweep();
      const low = new Low<T>(this.#adapter, this.#empty());
      await low.read().catch(async (error) => {
        if (repair === undefined || !(error instanceof SyntaxError)) throw error;
        low.data = await repair(error);
      });
      const result = await change(low);
      if (result !== false) await low.write();
      return result;
    });
  }

  /** What killed writers left; under the lock nobody else writes. */
  async #sweep(): Promise<void> {
    if (this.#swept) return;
    const at = this.#path.lastIndexOf("/") + 1;
    await sweepTemporaries(this.#folder, this.#path.slice(0, Math.max(0, at - 1)), this.#path.slice(at));
    this.#swept = true;
  }
}
