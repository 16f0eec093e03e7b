import { randomUUID } from "node:crypto";
import type { Value } from "../../module/value.ts";
import { type AccessRequest, checkRequest, type Document, type Query } from "./access_request.ts";
import type { Blobs } from "../blobs/blobs.ts";
import type { DocumentTable } from "./document_table.ts";
import { toPredicate } from "./filter.ts";
import { runQuery } from "./query.ts";
import { decodeStored, encodeReferences, encodeStored, loadStored, toStored } from "../stored_array.ts";
import type { Sweeper } from "../sweeper.ts";

/** Documents in named collections: the same requests and answers whatever keeps them. */
export class Collections {
  readonly #table: DocumentTable;
  readonly #blobs: Blobs;
  readonly #sweeper: Sweeper;

  constructor(table: DocumentTable, blobs: Blobs, sweeper: Sweeper) {
    this.#table = table;
    this.#blobs = blobs;
    this.#sweeper = sweeper;
  }

  /** Does one thing, and gives back the documents that it is about; of deleted ones their `_id`. */
  async access(request: AccessRequest): Promise<Document[]> {
    const checked = checkRequest(request);
    switch (checked.verb) {
      case "write":
        return await this.#write(checked.collection, checked.documents);
      case "delete":
        return await this.#delete(checked.collection, checked.where);
      case "collections":
        return (await this.#table.names()).map((name) => ({ _id: name }));
      default:
        return await this.#query(checked.query);
    }
  }

  /** A document whose `_id` is there already takes that one's place. */
  async #write(name: string, given: readonly Document[]): Promise<Document[]> {
    const documents = given.map((document) => ({ ...document, _id: document._id ?? randomUUID() }));
    if (documents.length === 0) return [];
    await this.#blobs.saving(async () => {
      const put = async (arrays: Parameters<Blobs["put"]>[0]) => (await this.#blobs.put(arrays)).names;
      const { json } = await encodeStored(documents as unknown as Value, put);
      await this.#table.write(name, decodeStored(json) as unknown as Document[]);
    });
    return documents;
  }

  async #query(query: Query, again = true): Promise<Document[]> {
    const { collection, ...wanted } = query;
    const where = await toStored(query.where ?? {}, (arrays) => this.#blobs.names(arrays));
    runQuery([], { ...query, where }); // what is wrong with it is told before anything is looked for
    const documents = await this.#table.find(collection, { ...wanted, where });
    const found = runQuery(documents, { ...query, where });
    try {
      return await loadStored(found, (names) => this.#blobs.get(names));
    } catch (error) {
      if (again) return await this.#query(query, false); // somebody may have deleted it meanwhile
      throw error;
    }
  }

  async #delete(name: string, filter: Document): Promise<Document[]> {
    const where = await toStored(filter, (arrays) => this.#blobs.names(arrays));
    const deleted = await this.#table.delete(name, where, toPredicate(where));
    if (encodeReferences(deleted as unknown as Value).blobs.length > 0) await this.#sweeper.sweep();
    return deleted.map(({ _id }) => ({ _id }));
  }
}
