import { sql } from "kysely";
import { type Appender, type Batch, type Folder, partsOf } from "../folder.ts";
import type { Lock, LockOptions } from "../lock.ts";
import { SqlAppender } from "./sql_appender.ts";
import { SqlBatch } from "./sql_batch.ts";
import type { Database } from "./database.ts";
import type { Sql, Work } from "./engine.ts";
import { getBlocks, getFile, inside, putFile, within } from "./files.ts";

/** So many paths are removed by one statement. */
const removedAtOnce = 100;

/** A {@linkcode Folder} in tables: a row a file, its bytes in chunks. */
export class SqlFolder implements Folder {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  get place(): string {
    return this.#database.engine.place;
  }

  async read(path: string, limit?: number): Promise<Uint8Array<ArrayBuffer> | undefined> {
    return await this.#read(path, undefined, (db) => getFile(db, path, limit));
  }

  blocks(path: string, from = 0, to = Infinity): AsyncIterable<Uint8Array> {
    return getBlocks((nothing, work) => this.#read(path, nothing, work), path, from, to);
  }

  async info(path: string): Promise<{ size: number; modified: number } | undefined> {
    return await this.#read(
      path,
      undefined,
      (db) => db.selectFrom("ptutils_files").select(["size", "modified"]).where("path", "=", path).executeTakeFirst(),
    );
  }

  async list(path: string): Promise<string[]> {
    const names = await this.#read(path, [], async (db) => {
      const rest = sql<string>`substr(path, ${sql.lit([...path].length + (path === "" ? 1 : 2))})`;
      return await db.selectFrom("ptutils_files").distinct()
        .select(this.#database.engine.firstName(rest).as("name")).where(inside(path)).execute();
    });
    return names.map(({ name }) => name).sort();
  }

  batch(): Batch {
    return new SqlBatch(this.#database);
  }

  async note(path: string, text: string): Promise<void> {
    await this.#write(path, { durable: false }, async (work) => {
      await work.deleteFrom("ptutils_files").where("path", "=", path).execute();
      await putFile(work, this.#database.engine, { path }, partsOf(text));
    });
  }

  async append(path: string): Promise<Appender> {
    const find = (db: Sql) =>
      db.selectFrom("ptutils_files").select(["id", "size"]).where("path", "=", path).executeTakeFirst();
    const found = await this.#read(path, undefined, find) ?? await this.#write(path, {}, async (work) => {
      await work.insertInto("ptutils_files")
        .values({ path, staged: null, size: 0, modified: this.#database.engine.now(), synced: 0 })
        .onConflict((conflict) => conflict.column("path").doNothing()).execute();
      return (await find(work))!;
    });
    return new SqlAppender(this.#database, path, found);
  }

  async remove(paths: readonly string[]): Promise<void> {
    for (let from = 0; from < paths.length; from += removedAtOnce) {
      const some = paths.slice(from, from + removedAtOnce);
      if (!await this.#read(some[0]!, false, () => Promise.resolve(true))) return; // there is nothing at all
      await this.#database.write({ what: `remove "${this.place}/${some[0]}"`, paths: some }, async (work) => {
        await work.deleteFrom("ptutils_files").where((eb) => eb.or(some.map((path) => within(path)(eb)))).execute();
      });
    }
  }

  async rename(from: string, to: string): Promise<boolean> {
    const what = `rename "${this.place}/${from}"`;
    return await this.#database.write({ what, paths: [from, to], once: true }, async (work) => {
      await this.#database.engine.alone(work, to);
      const taken = await work.selectFrom("ptutils_files").select("id").where(within(to)).limit(1).execute();
      if (taken.length > 0) return false;
      const path = sql<string>`${sql.val(to)} || substr(path, ${sql.lit([...from].length + 1)})`;
      const { numUpdatedRows } = await work.updateTable("ptutils_files").set({ path }).where(within(from))
        .executeTakeFirst();
      if (numUpdatedRows > 0n) return true;
      throw new Error(`Cannot ${what}: there is none; look at its list`);
    });
  }

  async lock(path: string, options: LockOptions): Promise<Lock> {
    await this.#database.prepare(`lock ${options.what}`);
    return await this.#database.engine.lock(path, options);
  }

  #read<T>(path: string, nothing: T, work: (db: Sql) => Promise<T>): Promise<T> {
    return this.#database.read(`read "${this.place}/${path}"`, nothing, work);
  }

  #write<T>(path: string, options: { durable?: boolean }, work: (work: Work) => Promise<T>): Promise<T> {
    return this.#database.write({ what: `write "${this.place}/${path}"`, paths: [path], ...options }, work);
  }
}
