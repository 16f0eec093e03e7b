import { type Appender, type Batch, type Bytes, type Folder, partsOf } from "../folder.ts";
import type { LockOptions } from "../lock.ts";
import { MongoAppender } from "./appender.ts";
import type { MongoConnection } from "./connection.ts";
import { chunkSize, type Entry, MissingContent, MongoContent, newPart, type Part } from "./content.ts";
import { MongoEntries } from "./entries.ts";
import { MongoGarbage } from "./garbage.ts";
import type { Lease } from "./lease.ts";
import { MongoLocks } from "./locks.ts";

/** The lock of a run's folder, as run_files.ts names it. */
const runLock = /^locks\/(runs)\.(.+)\.lock$/;

/** Times that a file which is replaced all the time is read again. */
const patience = 20;

/**
 * A {@linkcode Folder} in a MongoDB database. Blobs and files of more than a chunk are in GridFS, smaller ones and what
 * grows in chunk documents; a file is there when the entry that names its parts is.
 */
export class MongoFolder implements Folder {
  readonly place: string;
  readonly #locks: MongoLocks;
  readonly #content: MongoContent;
  readonly #entries: MongoEntries;
  readonly #garbage: MongoGarbage;
  /** The locks of folders that are held here. */
  readonly #held = new Map<string, Lease>();
  /** All other locks that are held here. */
  readonly #others = new Set<Lease>();
  #swept = false;

  /** @param lease milliseconds after which a lock that isn't renewed may be taken over */
  constructor(connection: MongoConnection, lease: number) {
    this.place = connection.place.location;
    this.#locks = new MongoLocks(connection, lease);
    this.#content = new MongoContent(connection);
    this.#entries = new MongoEntries(connection, this.#content, (folder) => this.#owner(folder));
    this.#garbage = new MongoGarbage(connection, this.#content);
  }

  async read(path: string, limit = Infinity): Promise<Uint8Array<ArrayBuffer> | undefined> {
    for (let left = patience;; left--) {
      const entry = await this.#entries.get(path);
      if (entry === undefined) return undefined;
      try {
        const blocks: Uint8Array[] = [];
        for await (const block of this.#content.blocks(entry, 0, limit)) blocks.push(block);
        return concatenate(blocks);
      } catch (error) {
        if (!(error instanceof MissingContent) || left === 0) throw error; // replaced meanwhile
      }
    }
  }

  async *blocks(path: string, from?: number, to?: number): AsyncGenerator<Uint8Array> {
    let begun = false;
    for (let left = patience;; left--) {
      const entry = await this.#entries.get(path);
      if (entry === undefined) return;
      try {
        for await (const block of this.#content.blocks(entry, from, to)) {
          begun = true;
          yield block;
        }
        return;
      } catch (error) {
        if (!(error instanceof MissingContent) || begun || left === 0) throw error;
      }
    }
  }

  async info(path: string): Promise<{ size: number; modified: number } | undefined> {
    const entry = await this.#entries.get(path);
    return entry && await this.#content.measure(entry);
  }

  list(path: string): Promise<string[]> {
    return this.#entries.list(path);
  }

  batch(): Batch {
    const staged = new Map<string, Part>(), doubted: Part[] = [];
    const abort = async () => {
      staged.clear();
      await this.#garbage.discard(doubted.splice(0));
    };
    const add = async (path: string, bytes: Bytes) => {
      const pieces = partsOf(bytes);
      const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
      const part: Part = { ...newPart(path.startsWith("blobs/") || length > chunkSize), length };
      if (!part.grid) part.whole = true;
      doubted.push(part);
      await this.#sweepOnce();
      await this.#garbage.doubt([part]);
      if (part.grid) await this.#content.addToGrid(part, path, pieces);
      else await this.#content.add(part, concatenate(pieces));
      staged.set(path, part);
    };
    const commit = async () => {
      const modified = new Date();
      const files = new Map(
        [...staged].map(([path, part]) => [path, { modified, parts: part.length === 0 ? [] : [part] }]),
      );
      const used = [...staged.values()];
      staged.clear();
      const others = doubted.splice(0).filter((part) => !used.includes(part));
      await this.#replace(files, used); // when that fails, nobody knows whether they are in use: they stay in doubt
      await this.#garbage.discard(others);
    };
    return { add, commit, abort };
  }

  async note(path: string, text: string): Promise<void> {
    const batch = this.batch();
    try {
      await batch.add(path, text);
      await batch.commit();
    } finally {
      await batch.abort();
    }
  }

  async append(path: string): Promise<Appender> {
    return await MongoAppender.open(
      { content: this.#content, entries: this.#entries, garbage: this.#garbage },
      path,
    );
  }

  async remove(paths: readonly string[]): Promise<void> {
    const found = (await Promise.all(paths.map((path) => this.#entries.within(path)))).flatMap((map) => [...map]);
    const parts = found.flatMap(([, entry]) => entry.parts);
    await this.#garbage.doubt(parts);
    await this.#entries.drop([...new Set(found.map(([path]) => path))]);
    await this.#garbage.discard(parts);
  }

  async rename(from: string, to: string): Promise<boolean> {
    const isRun = [from, to].every((path) => path.split("/").length === 2);
    const [moved, taken] = await Promise.all([this.#entries.within(from), this.#entries.within(to)]);
    if (moved.size === 0) throw new Error(`Cannot rename "${this.place}/${from}": there is none; look at its list`);
    if (taken.size > 0) return false;
    if (isRun) return await this.#entries.rename(from, to);
    await this.#entries.put(new Map([...moved].map(([path, entry]) => [to + path.slice(from.length), entry])));
    await this.#entries.drop([...moved.keys()]);
    return true;
  }

  async lock(path: string, options: LockOptions): Promise<Lease> {
    const lease = await this.#locks.lock(path, options);
    const run = options.shared ? null : runLock.exec(path);
    if (run === null) return this.#keep(lease);
    const folder = `${run[1]}/${run[2]}`;
    try {
      await this.#entries.takeOver(folder, lease.token);
    } catch (error) {
      lease.release();
      throw error;
    }
    this.#held.set(folder, lease);
    lease.onRelease(() => void (this.#held.get(folder) === lease && this.#held.delete(folder)));
    return lease;
  }

  /** @throws {Error} a lock under which something is being written was lost */
  async check(): Promise<void> {
    await Promise.all([...this.#others].map((lease) => lease.check()));
  }

  /** Waits until what goes on in the background has been done. */
  settle(): Promise<void> {
    return this.#locks.settle();
  }

  /** Deletes what killed processes left; see {@linkcode MongoGarbage.sweep}. */
  sweep(age?: number): Promise<number> {
    return this.#garbage.sweep(() => this.#entries.used(), age);
  }

  #keep(lease: Lease): Lease {
    this.#others.add(lease);
    lease.onRelease(() => void this.#others.delete(lease));
    return lease;
  }

  async #owner(folder: string): Promise<string | undefined> {
    const lease = this.#held.get(folder);
    await lease?.check();
    return lease?.token;
  }

  /** Shows files in the place of those that were there. */
  async #replace(files: ReadonlyMap<string, Entry>, parts: readonly Part[]): Promise<void> {
    if (files.size === 0) return;
    const before = await Promise.all([...files.keys()].map((path) => this.#entries.get(path)));
    const old = before.flatMap((entry) => entry?.parts ?? []);
    await this.#garbage.doubt(old);
    await this.check();
    await this.#entries.put(files);
    await this.#garbage.keep(parts);
    await this.#garbage.discard(old);
  }

  async #sweepOnce(): Promise<void> {
    if (this.#swept) return;
    this.#swept = true;
    await this.sweep();
  }
}

function concatenate(blocks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    bytes.set(block, at);
    at += block.length;
  }
  return bytes;
}
