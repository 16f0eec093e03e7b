import { randomUUID } from "node:crypto";
import { type Connected, isDuplicate } from "./connection.ts";
import { encodeKey } from "./key.ts";
import { type Row, sizeOf } from "./row.ts";

type Db = Connected["db"];

/** What is known of a collection. */
export interface Head {
  _id: string;
  /** The next row's order. */
  next: number;
  /** Grows before and after rows change together. */
  version: number;
  /** The changes that count already and are being put into the rows. */
  change: string | null;
}

/** A part of changes that belong together: `_id` is `<change>:<number>`. */
interface Page {
  _id: string;
  change: string;
  /** None of the rows was there before. */
  fresh: boolean;
  rows: Row[];
  /** The `_id`s of rows to delete. */
  gone: string[];
}

/** Changes to a collection, all or none of them. */
export interface Changes {
  rows: readonly Row[];
  fresh: boolean;
  gone: readonly string[];
}

/** Bytes of the rows in a page, unless one alone has more; `_id`s in a page. */
const pageSize = { bytes: 4 << 20, ids: 5_000 };

export const headsOf = (db: Db) => db.collection<Head>("collections");
export const rowsOf = (db: Db, collection: string) => db.collection<Row>(`documents.${encodeKey(collection)}`);
const pagesOf = (db: Db) => db.collection<Page>("changes");

/** Writes changes into pages, makes them count by one update of the collection's head, and puts them into the rows. */
export async function changeTogether(connected: Connected, collection: string, changes: Changes): Promise<void> {
  const { db } = connected;
  const change = randomUUID();
  let number = 0;
  for (const page of pagesFor(connected, collection, changes)) {
    await pagesOf(db).insertOne({ _id: `${change}:${number++}`, change, fresh: changes.fresh, ...page });
  }
  await headsOf(db).updateOne({ _id: collection }, { $set: { change }, $inc: { version: 1 } });
  await applyChange(connected, collection, change);
}

/** Puts changes into the rows, or what is left of it: doing it again does no harm. */
export async function applyChange({ db }: Connected, collection: string, change: string): Promise<void> {
  const rowsThere = rowsOf(db, collection);
  for await (const { rows, fresh, gone } of pagesOf(db).find({ change }, { batchSize: 1 })) {
    const old = fresh ? gone : [...gone, ...rows.map(({ _id }) => _id)];
    for (const _ids of inPieces(old, pageSize.ids)) await rowsThere.deleteMany({ _id: { $in: _ids } });
    if (rows.length > 0) await insertMissing(db, collection, rows);
  }
  await headsOf(db).updateOne({ _id: collection }, { $set: { change: null }, $inc: { version: 1 } });
  await pagesOf(db).deleteMany({ change });
}

/** Puts changes over rows that were read. */
export async function layOver({ db }: Connected, change: string, rows: Map<string, Row>): Promise<void> {
  for await (const { rows: changed, gone } of pagesOf(db).find({ change }, { batchSize: 1 })) {
    gone.forEach((id) => rows.delete(id));
    changed.forEach((row) => rows.set(row._id, row));
  }
}

/** Gives rows the place of those that they replace. @returns whether there were any */
export async function keepPlaces({ db }: Connected, collection: string, rows: readonly Row[]): Promise<boolean> {
  const known = new Map<string, number>();
  for (const ids of inPieces(rows.map(({ _id }) => _id), pageSize.ids)) {
    const found = rowsOf(db, collection).find({ _id: { $in: ids } }, { projection: { order: 1 } });
    for await (const { _id, order } of found) known.set(_id, order);
  }
  for (const row of rows) row.order = known.get(row._id) ?? row.order;
  return known.size > 0;
}

/** The blobs that changes refer to which are not in the rows yet. */
export async function blobsOfChanges({ db }: Connected): Promise<string[]> {
  const blobs: string[] = [];
  for await (const { rows } of pagesOf(db).find({}, { batchSize: 1 })) {
    blobs.push(...rows.flatMap((row) => row.blobs ?? []));
  }
  return blobs;
}

/** Sets a row whole; one that was there keeps its place. */
export const replacing = ({ _id, order, value, blobs }: Row) => ({
  updateOne: {
    filter: { _id },
    update: {
      $set: blobs === undefined ? { value } : { value, blobs },
      ...(blobs === undefined ? { $unset: { blobs: "" as const } } : {}),
      $setOnInsert: { order },
    },
    upsert: true,
  },
});

async function insertMissing(db: Db, collection: string, rows: readonly Row[]): Promise<void> {
  try {
    await rowsOf(db, collection).insertMany(rows, { ordered: false });
  } catch (error) {
    if (!isDuplicate(error)) throw error; // they are there from the first time
  }
}

function* pagesFor(
  connected: Connected,
  collection: string,
  { rows, gone }: Changes,
): Generator<Pick<Page, "rows" | "gone">> {
  let page: Row[] = [], bytes = 0;
  for (const row of rows) {
    const size = sizeOf(row, collection, connected);
    if (page.length > 0 && bytes + size > pageSize.bytes) {
      yield { rows: page, gone: [] };
      [page, bytes] = [[], 0];
    }
    page.push(row);
    bytes += size;
  }
  if (page.length > 0) yield { rows: page, gone: [] };
  for (const ids of inPieces(gone, pageSize.ids)) yield { rows: [], gone: ids };
}

function* inPieces<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
