import type { Json, Value } from "../../module/value.ts";
import type { Document, Query } from "./access_request.ts";
import type { DocumentTable } from "./document_table.ts";
import type { Filter, Predicate } from "./filter.ts";
import type { Folder } from "../folder.ts";
import { formatHeaded, readHead } from "../headed_json.ts";
import { SharedLow, type TextFormat } from "../lowdb_adapter.ts";
import { mapParallel } from "../queue.ts";
import { decodeStored, encodeReferences } from "../stored_array.ts";

interface Collection {
  documents: Document[];
}

/** Documents through lowdb, a file a collection. */
export class FileTable implements DocumentTable {
  readonly #folder: Folder;
  readonly #open = new Map<string, SharedLow<Collection>>();

  constructor(folder: Folder) {
    this.#folder = folder;
  }

  async write(collection: string, documents: readonly Document[]): Promise<void> {
    await this.#low(collection).update((low) => {
      const byId = new Map(low.data.documents.map((document) => [document._id, document]));
      for (const document of documents) byId.set(document._id, document);
      low.data = { documents: [...byId.values()] };
    });
  }

  async find(collection: string, _query: Omit<Query, "collection">): Promise<Document[]> {
    return (await this.#low(collection).read())?.documents ?? [];
  }

  async delete(collection: string, _where: Filter, fits: Predicate): Promise<Document[]> {
    if (await this.#low(collection).read() === undefined) return [];
    const deleted: Document[] = [];
    await this.#low(collection).update((low) => {
      const kept = low.data.documents.filter((document) => !(fits(document) && deleted.push(document)));
      low.data = { documents: kept };
      return deleted.length > 0;
    });
    return deleted;
  }

  async names(): Promise<string[]> {
    const names = (await this.#files()).map((name) => name.slice(0, -".json".length));
    const found = await mapParallel(names, 4, (name) => this.#low(name).read());
    return names.filter((_, i) => (found[i]?.documents.length ?? 0) > 0);
  }

  /** @throws {SyntaxError} a file that doesn't say which */
  async references(): Promise<Iterable<string>> {
    const heads = await mapParallel(await this.#files(), 16, (name) => readHead(this.#folder, `collections/${name}`));
    return heads.flatMap((head) => (head as { blobs?: string[] } | undefined)?.blobs ?? []);
  }

  async #files(): Promise<string[]> {
    return (await this.#folder.list("collections")).filter((name) => name.endsWith(".json"));
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
