import { isNDArray } from "../../module/ndarray.ts";
import { equalValues, isRecord } from "../../module/value.ts";
import type { Document } from "./access_request.ts";
import type { DBInterface } from "../db_interface.ts";
import { ownCollections } from "../mirror/own_collections.ts";

/** Documents that are read and written at once: few where they have arrays, else ever more, for stores that rewrite all. */
const page = { first: 500, most: 20_000 };

/** What became of a collection that was copied. */
export interface CopiedCollection {
  collection: string;
  /** How many documents were written. */
  written: number;
  /** The `_id`s of documents that are there with another content, and were left as they are. */
  differing: string[];
}

/** What documents are copied from and to. */
export type DocumentAccess = Pick<DBInterface, "access">;

/** The names of a store's collections, but for those that two stores at once need themselves. */
export const collectionNames = async (db: DocumentAccess): Promise<string[]> =>
  (await db.access({ collections: {} })).map(({ _id }) => _id as string).filter((name) =>
    !ownCollections.includes(name)
  );

/**
 * Copies the documents of a collection that another store lacks. None that is there is changed.
 *
 * @param except the `_id`s of documents that are left alone
 */
export async function copyDocuments(
  from: DocumentAccess,
  to: DocumentAccess,
  collection: string,
  except: ReadonlySet<string> = new Set(),
): Promise<CopiedCollection> {
  const report: CopiedCollection = { collection, written: 0, differing: [] };
  const ids = (await idsOf(from, collection)).filter((id) => !except.has(id));
  const known = new Set(await idsOf(to, collection));
  for (let at = 0, count = page.first, size = 0; at < ids.length; at += size) {
    const some = ids.slice(at, at + count);
    size = some.length;
    const documents = await read(from, collection, some);
    const there = await read(to, collection, some.filter((id) => known.has(id)));
    const lacking = [...documents.values()].filter(({ _id }) => !there.has(_id));
    if (lacking.length > 0) await to.access({ write: { collection, documents: lacking } });
    report.written += lacking.length;
    const differs = ([id, document]: [string, Document]) => there.has(id) && !equalValues(there.get(id), document);
    report.differing.push(...[...documents].filter(differs).map(([id]) => id));
    count = lacking.some(holdsArray) ? page.first : Math.min(page.most, 2 * count);
  }
  return report;
}

async function idsOf(db: DocumentAccess, collection: string): Promise<string[]> {
  return (await db.access({ query: { collection, select: [] } })).map(({ _id }) => _id);
}

async function read(db: DocumentAccess, collection: string, ids: readonly string[]): Promise<Map<string, Document>> {
  if (ids.length === 0) return new Map();
  const found = await db.access({ read: { collection, where: { _id: { $in: ids } } } });
  return new Map(found.map((document) => [document._id as string, document]));
}

const holdsArray = (value: unknown): boolean =>
  isNDArray(value) || ((Array.isArray(value) || isRecord(value)) && Object.values(value).some(holdsArray));
