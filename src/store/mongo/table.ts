import type { Document, Query } from "../documents/access_request.ts";
import type { DocumentTable } from "../documents/document_table.ts";
import type { Filter, Predicate } from "../documents/filter.ts";
import { locked } from "../folder.ts";
import {
  applyChange,
  blobsOfChanges,
  changeTogether,
  type Head,
  headsOf,
  keepPlaces,
  layOver,
  replacing,
  rowsOf,
} from "./changes.ts";
import type { Connected, MongoConnection } from "./connection.ts";
import { type MongoFilter, toMongoFilter } from "./filter.ts";
import type { MongoFolder } from "./folder.ts";
import { type Row, sizeOf, toDocument, toRow } from "./row.ts";

/** Times that a reader looks again while others write. */
const patience = 200;

/**
 * Documents in collections of a MongoDB database, `documents.<name>`. Several that are written or deleted together lie
 * in pages first; one update of the collection's head makes them count; then they are put into the rows, by the next
 * writer if this one is killed. A reader that meets them half-way looks again.
 */
export class MongoTable implements DocumentTable {
  readonly #connection: MongoConnection;
  readonly #folder: MongoFolder;

  /** @param folder for its locks: one writes into a collection at a time */
  constructor(connection: MongoConnection, folder: MongoFolder) {
    this.#connection = connection;
    this.#folder = folder;
  }

  async write(collection: string, documents: readonly Document[]): Promise<void> {
    const last = new Map(documents.map((document) => [document._id as string, document]));
    const rows = [...last.values()].map(toRow);
    await this.#connection.use((connected) =>
      Promise.resolve(rows.forEach((row) => sizeOf(row, collection, connected)))
    );
    await this.#alone(collection, async (connected, { next }) => {
      const { db } = connected;
      for (const row of rows) row.order += next;
      await headsOf(db).updateOne({ _id: collection }, { $set: { next: next + rows.length } });
      await this.#folder.check();
      if (rows.length === 1) await rowsOf(db, collection).bulkWrite(rows.map(replacing));
      else {
        const fresh = next === 0 || !await keepPlaces(connected, collection, rows);
        await changeTogether(connected, collection, { rows, fresh, gone: [] });
      }
    });
  }

  async find(collection: string, { where = {} }: Omit<Query, "collection">): Promise<Document[]> {
    const rows = await this.#read(collection, toMongoFilter(where, "value"));
    return rows.sort((a, b) => a.order - b.order).map(toDocument);
  }

  async delete(collection: string, where: Filter, fits: Predicate): Promise<Document[]> {
    const filter = toMongoFilter(where, "value");
    if ((await this.#read(collection, filter)).length === 0) return [];
    return await this.#alone(collection, async (connected) => {
      const rows: Row[] = await rowsOf(connected.db, collection).find(filter).toArray();
      const gone = rows.filter((row) => fits(toDocument(row))).sort((a, b) => a.order - b.order);
      const ids = gone.map(({ _id }) => _id);
      await this.#folder.check();
      if (ids.length === 1) await rowsOf(connected.db, collection).deleteOne({ _id: ids[0]! });
      else if (ids.length > 1) await changeTogether(connected, collection, { rows: [], fresh: false, gone: ids });
      return gone.map(toDocument);
    });
  }

  async names(): Promise<string[]> {
    const names = await this.#heads();
    const found = await Promise.all(names.map((name) => this.#read(name, {}, 1)));
    return names.filter((_, i) => found[i]!.length > 0).sort();
  }

  async references(): Promise<Iterable<string>> {
    const used = new Set<string>();
    for (const name of await this.#heads()) {
      const options = { projection: { blobs: 1 } };
      const find = ({ db }: Connected) => rowsOf(db, name).find({ blobs: { $exists: true } }, options);
      for await (const { blobs = [] } of this.#connection.each(find)) blobs.forEach((blob) => used.add(blob));
    }
    for (const blob of await this.#connection.use(blobsOfChanges)) used.add(blob);
    return used;
  }

  #heads(): Promise<string[]> {
    return this.#connection.use(async ({ db }) => (await headsOf(db).find({}).toArray()).map(({ _id }) => _id));
  }

  /** Rows as they are at one moment, with the changes that count already. */
  async #read(collection: string, filter: MongoFilter, limit?: number): Promise<Row[]> {
    return await this.#connection.use(async (connected) => {
      for (let left = patience;; left--) {
        const before = await headsOf(connected.db).findOne({ _id: collection });
        if (before === null) return [];
        const rows = new Map<string, Row>();
        const options = before.change === null ? { limit } : {};
        for await (const row of rowsOf(connected.db, collection).find(filter, options)) rows.set(row._id, row);
        if (before.change !== null) await layOver(connected, before.change, rows);
        const after = await headsOf(connected.db).findOne({ _id: collection });
        if (after?.version === before.version) return [...rows.values()];
        if (left === 0) throw new Error(`Cannot read "${collection}": it is written again and again; try it once more`);
        await new Promise((resolve) => setTimeout(resolve, 5 + 20 * Math.random()));
      }
    });
  }

  /** Writes into a collection under its lock; what a killed writer left half done is finished first. */
  async #alone<T>(collection: string, work: (connected: Connected, head: Head) => Promise<T>): Promise<T> {
    const what = `"${collection}" in ${this.#folder.place}`;
    return await locked(
      this.#folder,
      `locks/collections.${collection}.lock`,
      { what },
      () =>
        this.#connection.use(async (connected) => {
          const head = await headsOf(connected.db).findOne({ _id: collection });
          if (head === null) {
            const made: Head = { _id: collection, next: 0, version: 0, change: null };
            await headsOf(connected.db).insertOne(made);
            return await work(connected, made);
          }
          if (head.change !== null) await applyChange(connected, collection, head.change);
          return await work(connected, head);
        }),
    );
  }
}
