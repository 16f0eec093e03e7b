import { randomUUID } from "node:crypto";
import type { Json, Value } from "../module/value.ts";
import { type AccessRequest, checkRequest, type Document, type Query } from "./access_request.ts";
import type { Blobs } from "./blobs.ts";
import { toPredicate } from "./filter.ts";
import type { Folder } from "./folder.ts";
import { formatHeaded } from "./headed_json.ts";
import { SharedLow, type TextFormat } from "./lowdb_adapter.ts";
import { runQuery } from "./query.ts";
import { decodeStored, encodeReferences, encodeStored, loadStored, toStored } from "./stored_array.ts";
import type { Sweeper } from "./sweeper.ts";

interface Collection {
  documents: Document[];
}

/** Documents in named collections, a file a collection. */
export class Collections {
  readonly #folder: Folder;
  readonly #blobs: Blobs;
  readonly #sweeper: Sweeper;
  readonly #open = new Map<string, SharedLow<Collection>>();

  constructor(folder: Folder, blobs: Blobs, sweeper: Sweeper) {
    this.#folder = folder;
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
      const stored = decodeStored(
        (await encodeStored(documents as unknown as Value, put)).json,
      ) as unknown as Document[];
      await this.#low(name).update((low) => {
        const byId = new Map(low.data.documents.map((document) => [document._id, document]));
        for (const document of stored) byId.set(document._id, document);
        low.data = { documents: [...byId.values()] };
      });
    });
    return documents;
  }

  async #query(query: Query, again = true): Promise<Document[]> {
    const where = await toStored(query.where ?? {}, (arrays) => this.#blobs.names(arrays));
    const { documents } = (await this.#low(query.collection).read()) ?? { documents: [] };
    const found = runQuery(documents, { ...query, where });
    try {
      return await loadStored(found, (names) => this.#blobs.get(names));
    } catch (error) {
      if (again) return await this.#query(query, false); // somebody may have deleted it meanwhile
      throw error;
    }
  }

  async #delete(name: string, filter: Document): Promise<Document[]> {
    const fits = toPredicate(await toStored(filter, (arrays) => this.#blobs.names(arrays)));
    if (await this.#low(name).read() === undefined) return [];
    const deleted: Document[] = [];
    await this.#low(name).update((low) => {
      const kept = low.data.documents.filter((document) => !(fits(document) && deleted.push(document)));
      low.data = { documents: kept };
      return deleted.length > 0;
    });
    if (encodeReferences(deleted as unknown as Value).blobs.length > 0) await this.#sweeper.sweep();
    return deleted.map(({ _id }) => ({ _id }));
  }

  #low(name: string): SharedLow<Collection> {
    const path = `collections/${name}.json`;
    const low = this.#open.get(name) ??
      new SharedLow(this.#folder, path, format(`${this.#folder.place}/${path}`), () => ({ documents: [] }));
    this.#open.set(name, low);
    return low;
  }
}

const format = (path: string): TextFormat<Collection> => ({
  stringify({ documents }) {
    const { json, blobs } = encodeReferences(documents as unknown as Value);
    return formatHeaded({ blobs }, { documents: json });
  },
  parse(text) {
    try {
      return { documents: decodeStored((JSON.parse(text) as { documents: Json }).documents) as unknown as Document[] };
    } catch (cause) {
      throw new SyntaxError(`Cannot read "${path}": ${(cause as Error).message}; mend the file or restore a copy`, {
        cause,
      });
    }
  },
});
