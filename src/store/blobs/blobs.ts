import type { NDArray } from "../../module/ndarray.ts";
import { digest, formatBlob, parseBlob } from "./blob_file.ts";
import { type Folder, isTemporary, locked } from "../folder.ts";
import { mapParallel, Queue } from "../queue.ts";

const defaults = { width: 8, saving: 60_000, sweeping: 200, minimumAge: 5 * 60_000 };

const folderName = "blobs";
const lockPath = "locks/blobs.lock";
const pathOf = (name: string): string => `${folderName}/${name}`;

/**
 * Arrays in files that are named by their content: `blobs/<sha256 of the file>`, a safetensors file with one tensor
 * named `array`. A file is written once and shared by all that refer to it.
 */
export class Blobs {
  readonly #folder: Folder;
  /** Those that this process found damaged: they are written again. */
  readonly #damaged = new Set<string>();

  constructor(folder: Folder) {
    this.#folder = folder;
  }

  /** Runs work that adds references to blobs, or moves them: no blob is swept meanwhile. */
  saving<T>(work: () => Promise<T>): Promise<T> {
    return locked(this.#folder, lockPath, { what: "the store's blobs", shared: true, wait: defaults.saving }, work);
  }

  /** Writes the arrays that are not there yet; only inside {@linkcode saving}. The names are in the arrays' order. */
  async put(arrays: readonly NDArray[]): Promise<{ names: string[]; bytesWritten: number }> {
    const batch = this.#folder.batch();
    const added = new Set<string>();
    const hashing = new Queue(); // one by one, so that the first are being written while the others are hashed
    let bytesWritten = 0;
    try {
      const names = await mapParallel(arrays, defaults.width, async (array) => {
        const parts = formatBlob(array);
        const [name, size] = [await hashing.run(() => digest(parts)), parts[0].length + parts[1].length];
        if (added.has(name) || await this.#has(name, size) || added.has(name)) return name;
        added.add(name);
        await batch.add(pathOf(name), parts);
        bytesWritten += size;
        return name;
      });
      await batch.commit();
      for (const name of added) this.#damaged.delete(name);
      return { names, bytesWritten };
    } finally {
      await batch.abort();
    }
  }

  /** The names that arrays have or would have; nothing is written. */
  names(arrays: readonly NDArray[]): Promise<string[]> {
    return mapParallel(arrays, defaults.width, (array) => digest(formatBlob(array)));
  }

  /** Reads arrays. @throws {Error} a blob that is missing or damaged, by its name */
  get(names: readonly string[]): Promise<NDArray[]> {
    return mapParallel(names, defaults.width, (name) => this.#get(name));
  }

  /**
   * Deletes the blobs that nothing refers to, and what killed processes left. Does nothing while somebody saves.
   *
   * @param references finds every blob that is referred to; called when nobody saves
   * @param minimumAge milliseconds since it was written during which a blob is left alone in any case
   * @returns how many were deleted
   */
  async sweep(references: () => Promise<Set<string>>, { minimumAge = defaults.minimumAge } = {}): Promise<number> {
    try {
      const options = { what: "the store's blobs", wait: defaults.sweeping };
      return await locked(this.#folder, lockPath, options, async () => {
        const used = await references();
        const names = (await this.#folder.list(folderName)).filter((name) => !used.has(name));
        const old = await mapParallel(names, 16, (name) => this.#isOlder(name, minimumAge));
        const doomed = names.filter((name, i) => isTemporary(name) || old[i]);
        if (doomed.length > 0) await this.#folder.remove(doomed.map(pathOf));
        return doomed.length;
      });
    } catch (error) {
      if (error instanceof Deno.errors.Busy) return 0;
      throw error;
    }
  }

  async #get(name: string): Promise<NDArray> {
    const bytes = await this.#folder.read(pathOf(name));
    if (bytes !== undefined && await digest([bytes]) === name) return parseBlob(bytes);
    this.#damaged.add(name);
    const found = bytes === undefined ? "it is missing" : "its content doesn't match its name";
    throw new Error(
      `Cannot read blob ${this.#folder.place}/${pathOf(name)}: ${found}; use another checkpoint or restore a copy`,
    );
  }

  async #has(name: string, size: number): Promise<boolean> {
    return !this.#damaged.has(name) && (await this.#folder.info(pathOf(name)))?.size === size;
  }

  async #isOlder(name: string, age: number): Promise<boolean> {
    if (age <= 0) return true;
    const info = await this.#folder.info(pathOf(name));
    return info !== undefined && Date.now() - info.modified >= age;
  }
}
