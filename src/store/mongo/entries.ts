import { randomUUID } from "node:crypto";
import { type Connected, isDuplicate, type MongoConnection } from "./connection.ts";
import type { Entry, MongoContent } from "./content.ts";
import { decodeKey } from "./key.ts";
import { below, files, folders, isGrowing, onTheWay, ownedBy, slotOf } from "./slots.ts";
import { Queue } from "../queue.ts";

/** Says under which lock a folder is written; undefined without one. @throws {Error} the lock was lost */
export type Guard = (folder: string) => Promise<string | undefined>;

/**
 * The tree of files: paths and what the files consist of. Everything in `runs/<id>` is one document, so that several
 * files change together, a run is renamed in one step, and a process whose lock was taken over can't change it any more:
 * each change names the lock's token.
 */
export class MongoEntries {
  readonly #connection: MongoConnection;
  readonly #content: MongoContent;
  readonly #guard: Guard;
  /** Changes to folders, one after the other: not every server makes an update of one document in one step. */
  readonly #changes = new Queue();
  #indexed = false;

  constructor(connection: MongoConnection, content: MongoContent, guard: Guard) {
    this.#connection = connection;
    this.#content = content;
    this.#guard = guard;
  }

  async get(path: string): Promise<Entry | undefined> {
    const slot = slotOf(path);
    return await this.#connection.use(async ({ db }) => {
      if (slot === undefined) return (await files(db).findOne({ _id: path })) ?? undefined;
      const found = await folders(db).findOne({ path: slot.folder }, { projection: { [`files.${slot.key}`]: 1 } });
      return found?.files?.[slot.key];
    });
  }

  /** Sets entries: those within one folder together, each of the others whole. */
  async put(entries: ReadonlyMap<string, Entry>): Promise<void> {
    const grouped = Map.groupBy(entries, ([path]) => slotOf(path)?.folder);
    for (const [folder, changed] of grouped) {
      if (folder === undefined) await this.#putFiles(changed);
      else {await this.#changes.run(() =>
          this.#putInto(folder, new Map(changed.map(([path, entry]) => [slotOf(path)!.key, entry])))
        );}
    }
  }

  /** A file, or all those in a folder, by their paths. */
  async within(path: string): Promise<Map<string, Entry>> {
    const [loose, deep] = await this.#connection.use(({ db }) =>
      Promise.all([
        files(db).find({ $or: [{ _id: path }, { _id: below(path) }] }).toArray(),
        folders(db).find({ path: onTheWay(path) }).toArray(),
      ])
    );
    const found: [string, Entry][] = loose.map(({ _id, modified, parts }) => [_id, { modified, parts }]);
    for (const { path: folder, files } of deep) {
      for (const [key, entry] of Object.entries(files)) found.push([`${folder}/${decodeKey(key)}`, entry]);
    }
    return new Map(found.filter(([name]) => name === path || name.startsWith(`${path}/`)));
  }

  /** The names in a folder, sorted. */
  async list(path: string): Promise<string[]> {
    const prefix = path === "" ? "" : `${path}/`;
    const slot = slotOf(`${prefix}x`);
    const names = await this.#connection.use(async ({ db }) => {
      if (slot !== undefined) {
        const found = await folders(db).findOne({ path: slot.folder });
        return Object.keys(found?.files ?? {}).map((key) => `${slot.folder}/${decodeKey(key)}`);
      }
      const [loose, deep] = await Promise.all([
        files(db).find(path === "" ? {} : { _id: below(path) }, { projection: { _id: 1 } }).toArray(),
        folders(db).find(path === "" ? {} : { path: below(path) }, { projection: { path: 1 } }).toArray(),
      ]);
      return [...loose.map(({ _id }) => _id), ...deep.map(({ path }) => path)];
    });
    const inside = names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
    return [...new Set(inside.map((name) => name.split("/")[0]!))].sort();
  }

  /** Takes entries out, all those of a folder together. */
  async drop(paths: readonly string[]): Promise<void> {
    const grouped = Map.groupBy(paths, (path) => slotOf(path)?.folder);
    for (const [folder, dropped] of grouped) {
      if (folder === undefined) {
        await this.#connection.use(({ db }) => files(db).deleteMany({ _id: { $in: dropped } }));
      } else await this.#changes.run(() => this.#dropFrom(folder, dropped.map((path) => slotOf(path)!.key)));
    }
  }

  /** Gives a folder of the second level another name, in one step; false when there is one of that name. */
  async rename(from: string, to: string): Promise<boolean> {
    return await this.#changes.run(async () => {
      const [old, owner] = [await this.#guard(from), await this.#guard(to)];
      const change = owner === undefined
        ? { $set: { path: to }, $unset: { owner: "" as const } }
        : { $set: { path: to, owner } };
      return await this.#connection.use(async ({ db }) => {
        try {
          const { matchedCount } = await folders(db).updateOne(ownedBy(from, old), change);
          if (matchedCount === 0) throw lost("rename", from);
          return true;
        } catch (error) {
          if (isDuplicate(error)) return false;
          throw error;
        }
      });
    });
  }

  /**
   * Makes a folder one's own: from now on nobody writes into it under an earlier lock, and what grew in it has an end
   * that an earlier holder can't move any more.
   */
  async takeOver(folder: string, owner: string): Promise<void> {
    await this.#changes.run(async () => {
      const found = await this.#connection.use(async ({ db }) => {
        const { matchedCount } = await folders(db).updateOne({ path: folder }, { $set: { owner } });
        return matchedCount === 0 ? undefined : await folders(db).findOne({ path: folder });
      });
      const growing = Object.entries(found?.files ?? {}).filter(([, { parts }]) => isGrowing(parts));
      const sealed = await Promise.all(growing.map(async ([key, entry]) => [key, await this.seal(entry)] as const));
      if (sealed.length > 0) await this.#putInto(folder, new Map(sealed), owner);
    });
  }

  /** An entry whose parts all have an end. */
  async seal({ modified, parts }: Entry): Promise<Entry> {
    const ended = await Promise.all(parts.map(async (part) => {
      const { length, at } = part.length === undefined
        ? await this.#content.end(part)
        : { length: part.length, at: modified };
      return { part: { ...part, length }, at: at ?? modified };
    }));
    const latest = Math.max(modified.getTime(), ...ended.map(({ at }) => at.getTime()));
    return { modified: new Date(latest), parts: ended.map(({ part }) => part).filter(({ length }) => length > 0) };
  }

  /** @throws {Error} the folder of this path is written under another lock by now */
  async confirm(path: string): Promise<void> {
    const folder = slotOf(path)?.folder;
    const owner = folder === undefined ? undefined : await this.#guard(folder);
    if (folder === undefined || owner === undefined) return;
    const found = await this.#connection.use(({ db }) =>
      folders(db).findOne(ownedBy(folder, owner), { projection: { _id: 1 } })
    );
    if (found === null) throw lost("write to", folder);
  }

  /** The parts that any file refers to. */
  async used(): Promise<Set<string>> {
    const [loose, deep] = await this.#connection.use(({ db }) =>
      Promise.all([files(db).find({}).toArray(), folders(db).find({}).toArray()])
    );
    const entries = [...loose, ...deep.flatMap(({ files }) => Object.values(files))];
    return new Set(entries.flatMap(({ parts }) => parts.map(({ id }) => id)));
  }

  async #putFiles(changed: readonly (readonly [string, Entry])[]): Promise<void> {
    const writes = changed.map(([path, entry]) => ({
      replaceOne: { filter: { _id: path }, replacement: { ...entry }, upsert: true },
    }));
    await again(() => this.#connection.use(({ db }) => files(db).bulkWrite(writes)));
  }

  async #putInto(folder: string, changed: ReadonlyMap<string, Entry>, owner?: string): Promise<void> {
    owner ??= await this.#guard(folder);
    const set = Object.fromEntries([...changed].map(([key, entry]) => [`files.${key}`, entry]));
    await again(() =>
      this.#connection.use(async ({ db }) => {
        const { matchedCount } = await folders(db).updateOne(ownedBy(folder, owner), { $set: set });
        if (matchedCount > 0) return;
        if (await folders(db).findOne({ path: folder }, { projection: { _id: 1 } }) !== null && owner !== undefined) {
          throw lost("write to", folder);
        }
        await this.#index(db);
        const made = { _id: randomUUID(), path: folder, files: Object.fromEntries(changed) };
        await folders(db).insertOne(owner === undefined ? made : { ...made, owner });
      })
    );
  }

  async #dropFrom(folder: string, keys: readonly string[]): Promise<void> {
    const owner = await this.#guard(folder);
    await this.#connection.use(async ({ db }) => {
      const filter = ownedBy(folder, owner);
      const { matchedCount } = await folders(db).updateOne(filter, {
        $unset: Object.fromEntries(keys.map((key) => [`files.${key}`, ""])),
      });
      if (matchedCount === 0 && owner !== undefined) throw lost("remove from", folder);
      await folders(db).deleteOne({ ...filter, files: {} }); // one without files is none
    });
  }

  async #index(db: Connected["db"]): Promise<void> {
    if (this.#indexed) return;
    await folders(db).createIndex({ path: 1 }, { unique: true });
    this.#indexed = true;
  }
}

/** Once more when another process made the same thing at the same moment. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let left = 5;; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 0 || !isDuplicate(error)) throw error;
    }
  }
}

const lost = (verb: string, folder: string): Error =>
  new Error(
    `Cannot ${verb} "${folder}": it was taken over by another process, or renamed; stop here: what was saved before is kept`,
  );
