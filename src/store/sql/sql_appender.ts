import { sql } from "kysely";
import type { Appender } from "../folder.ts";
import type { Database } from "./database.ts";
import type { Work } from "./engine.ts";
import { putChunks } from "./files.ts";
import { chunkSize } from "./tables.ts";

/** When so many bytes are not known to be on the disk, that is waited for. */
const mostUnsynced = 4 * chunkSize;

/**
 * A file that only grows, or is cut: what is added becomes chunks of its own. A server that is killed loses the last of
 * what was added and not synced: that is kept here until then, and added again.
 */
export class SqlAppender implements Appender {
  readonly #database: Database;
  readonly #path: string;
  readonly #file: number;
  /** What the file's size must be. */
  #size: number;
  /** What the file ends with and may not be on the disk. */
  #unsynced: Uint8Array[] = [];
  #unsyncedSize = 0;

  /** @param file its row's id and size: it stays the same file when it is renamed */
  constructor(database: Database, path: string, file: { id: number; size: number }) {
    this.#database = database;
    this.#path = path;
    this.#file = file.id;
    this.#size = file.size;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    const durable = this.#unsyncedSize + bytes.length > mostUnsynced, size = this.#size + bytes.length;
    await this.#write(durable, async (work) => {
      if (await this.#restore(work, size) === size) return; // it was done, and the answer got lost
      await putChunks(work, this.#file, this.#size, [bytes]);
      await this.#setSize(work, size);
    });
    this.#size = size;
    if (durable) return this.#forget();
    this.#unsynced.push(bytes.slice());
    this.#unsyncedSize += bytes.length;
  }

  async truncate(length: number): Promise<void> {
    const size = Math.min(length, this.#size);
    await this.#write(true, async (work) => {
      if (await this.#restore(work, size) === size) return;
      await work.deleteFrom("ptutils_chunks").where("file", "=", this.#file).where("at", ">=", size).execute();
      await work.updateTable("ptutils_chunks")
        .set({ bytes: sql<Uint8Array>`substr(bytes, 1, cast(${sql.lit(size)} - at as integer))` })
        .where("file", "=", this.#file).where("at", ">", size - chunkSize)
        .where(sql<boolean>`at + length(bytes) > ${sql.lit(size)}`).execute();
      await this.#setSize(work, size);
    });
    this.#size = size;
    this.#forget();
  }

  /** What was written comes to the disk with the next commit that waits for it, which this is. */
  async sync(): Promise<void> {
    if (this.#unsyncedSize === 0) return;
    await this.#write(true, async (work) => {
      await this.#restore(work);
      await work.updateTable("ptutils_files").set({ synced: sql<number>`synced + 1` }).where("id", "=", this.#file)
        .execute();
    });
    this.#forget();
  }

  close(): void {}

  /**
   * Adds again what the server lost. Gives the size that the file has then.
   *
   * @param next the size that it will have after what is being done, which may have been done already
   */
  async #restore(work: Work, next = this.#size): Promise<number> {
    const row = await work.selectFrom("ptutils_files").select("size").where("id", "=", this.#file).executeTakeFirst();
    const lost = row === undefined ? NaN : this.#size - row.size;
    if (lost === 0 || row?.size === next) return row!.size;
    if (!(lost > 0 && lost <= this.#unsyncedSize)) {
      const found = row === undefined ? "replaced or removed" : "changed by somebody else";
      throw new Error(`Cannot write to "${this.#path}": it was ${found} meanwhile; open it again`);
    }
    await putChunks(work, this.#file, row!.size, this.#last(lost));
    await this.#setSize(work, this.#size);
    return this.#size;
  }

  /** The last of the bytes that are kept. */
  #last(count: number): Uint8Array[] {
    const parts: Uint8Array[] = [];
    for (let i = this.#unsynced.length - 1; count > 0; i--) {
      const part = this.#unsynced[i]!.slice(-count);
      parts.unshift(part);
      count -= part.length;
    }
    return parts;
  }

  async #setSize(work: Work, size: number): Promise<void> {
    const { engine } = this.#database;
    await work.updateTable("ptutils_files").set({ size, modified: engine.now() }).where("id", "=", this.#file)
      .execute();
  }

  #forget(): void {
    [this.#unsynced, this.#unsyncedSize] = [[], 0];
  }

  #write(durable: boolean, work: (work: Work) => Promise<void>): Promise<void> {
    const what = `write "${this.#database.engine.place}/${this.#path}"`;
    return this.#database.write({ what, paths: [this.#path], durable }, work);
  }
}
