import { sql } from "kysely";
import { createHash } from "node:crypto";
import type { Json, Value } from "../../module/value.ts";
import type { Document, Query } from "../documents/access_request.ts";
import type { DocumentTable } from "../documents/document_table.ts";
import type { Filter, Predicate } from "../documents/filter.ts";
import { idsIn } from "../documents/ids_in.ts";
import { decodeStored, encodeReferences } from "../stored_array.ts";
import type { Database } from "./database.ts";
import type { Sql } from "./engine.ts";
import { narrow } from "./narrow.ts";

/** Longer names are told apart by a digest: an index takes no long ones. */
const longestKey = 500;
/** Documents of so many characters together go into one statement, and at most so many documents. */
const statementSize = 4 << 20, statementRows = 500;

type Row = { collection: string; key: string; json: string; search: unknown; blobs: string | null };

/** Documents in a table: as JSON text, exactly, with a column that filters are tried on. */
export class SqlTable implements DocumentTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async write(collection: string, documents: readonly Document[]): Promise<void> {
    const byId = new Map(documents.map((document) => [document._id, document]));
    const rows = [...byId.values()].map((document) => this.#toRow(collection, document));
    await this.#database.write({ what: `write to "${collection}" in "${this.#place}"` }, async (work) => {
      for (const some of inStatements(rows)) {
        await work.insertInto("ptutils_documents").values(some).onConflict((conflict) =>
          conflict.columns(["collection", "key"]).doUpdateSet((eb) => ({
            json: eb.ref("excluded.json"),
            search: eb.ref("excluded.search"),
            blobs: eb.ref("excluded.blobs"),
          }))
        ).execute();
      }
    });
  }

  /** No more than the first of them, where that is all that is asked for. */
  async find(collection: string, query: Omit<Query, "collection">): Promise<Document[]> {
    const { where = {}, sort = {}, skip = 0, limit = Infinity } = query;
    const isPlain = Object.keys(where).length === 0 && Object.keys(sort).length === 0;
    const first = isPlain && Number.isSafeInteger(skip + limit) ? skip + limit : undefined;
    const what = `read "${collection}" in "${this.#place}"`;
    const rows = await this.#database.read(what, [], (db) => {
      const found = this.#search(db, collection, where);
      return (first === undefined ? found : found.limit(first)).execute();
    });
    return rows.map(({ json }) => toDocument(json));
  }

  async delete(collection: string, where: Filter, fits: Predicate): Promise<Document[]> {
    const what = `delete from "${collection}" in "${this.#place}"`;
    if (!await this.#database.read(what, false, () => Promise.resolve(true))) return [];
    return await this.#database.write({ what, once: true }, async (work) => {
      await this.#database.engine.alone(work, `documents ${collection}`);
      const rows = await this.#search(work, collection, where).execute();
      const doomed = rows.map(({ id, json }) => ({ id, document: toDocument(json) }))
        .filter(({ document }) => fits(document));
      for (let from = 0; from < doomed.length; from += statementRows) {
        const ids = doomed.slice(from, from + statementRows).map(({ id }) => id);
        await work.deleteFrom("ptutils_documents").where("id", "in", ids).execute();
      }
      return doomed.map(({ document }) => document);
    });
  }

  async names(): Promise<string[]> {
    const rows = await this.#database.read(
      `list the collections in "${this.#place}"`,
      [],
      (db) => db.selectFrom("ptutils_documents").select("collection").distinct().execute(),
    );
    return rows.map(({ collection }) => collection).sort();
  }

  async references(): Promise<Iterable<string>> {
    const rows = await this.#database.read(
      `read the documents in "${this.#place}"`,
      [],
      (db) => db.selectFrom("ptutils_documents").select("blobs").where("blobs", "is not", null).execute(),
    );
    return rows.flatMap(({ blobs }) => JSON.parse(blobs!) as string[]);
  }

  get #place(): string {
    return this.#database.engine.place;
  }

  #search(db: Sql, collection: string, where: Filter) {
    const ids = idsIn(where);
    const condition = ids === undefined ? narrow(where, this.#database.engine.json) : undefined;
    const query = db.selectFrom("ptutils_documents").select(["id", "json"]).where("collection", "=", collection)
      .orderBy("id");
    if (ids !== undefined) return ids.length === 0 ? query.limit(0) : query.where("key", "in", ids.map(keyOf));
    if (condition === undefined) return query;
    return query.where(sql<boolean>`case when search is null then 1 = 1 else ${condition} end`);
  }

  #toRow(collection: string, document: Document): Row {
    const encoded = encodeReferences(document as Value), json = JSON.stringify(encoded.json);
    const blobs = encoded.blobs.length === 0 ? null : JSON.stringify(encoded.blobs);
    return { collection, key: keyOf(document._id), json, search: this.#database.engine.json.column(json), blobs };
  }
}

const toDocument = (json: string): Document => decodeStored(JSON.parse(json) as Json) as Document;

/** Text of any kind, as a name of characters that every database takes. */
function keyOf(id: string): string {
  const text = JSON.stringify(id);
  return text.length <= longestKey ? text : createHash("sha256").update(text).digest("hex");
}

function* inStatements(rows: readonly Row[]): Generator<Row[]> {
  let some: Row[] = [], size = 0;
  for (const row of rows) {
    some.push(row);
    size += row.json.length;
    if (size < statementSize && some.length < statementRows) continue;
    yield some;
    [some, size] = [[], 0];
  }
  if (some.length > 0) yield some;
}
