import { equalValues } from "../module/value.ts";
import type { Document } from "./access_request.ts";
import type { DBInterface } from "./db_interface.ts";

/** Documents that are read and written at once. */
const page = 500;

/** What became of a collection that was copied. */
export interface CopiedCollection {
  collection: string;
  /** How many documents were written. */
  written: number;
  /** The `_id`s of documents that are there with another content, and were left as they are. */
  differing: string[];
}

/** The names of a store's collections. */
export const collectionNames = async (db: DBInterface): Promise<string[]> =>
  (await db.access({ collections: {} })).map(({ _id }) => _id as string);

/** Copies the documents of a collection that another store lacks. None that is there is changed. */
export async function copyDocuments(from: DBInterface, to: DBInterface, collection: string): Promise<CopiedCollection> {
  const report: CopiedCollection = { collection, written: 0, differing: [] };
  for (let skip = 0;; skip += page) {
    const documents = await from.access({ read: { collection, skip, limit: page } });
    if (documents.length === 0) return report;
    const ids = documents.map(({ _id }) => _id as string);
    const there = await to.access({ read: { collection, where: { _id: { $in: ids } } } });
    const known = new Map(there.map((document) => [document._id as string, document]));
    const lacking = documents.filter(({ _id }) => !known.has(_id));
    if (lacking.length > 0) await to.access({ write: { collection, documents: lacking } });
    report.written += lacking.length;
    report.differing.push(...documents.filter((document) => isOther(document, known)).map(({ _id }) => _id as string));
  }
}

const isOther = (document: Document, known: ReadonlyMap<string, Document>): boolean =>
  known.has(document._id) && !equalValues(known.get(document._id), document);
