import type { Document, Query } from "./access_request.ts";
import type { DocumentTable } from "./document_table.ts";
import type { Filter, Predicate } from "./filter.ts";

/** A {@linkcode DocumentTable} whose code is loaded when it is first used. */
export class DeferredTable implements DocumentTable {
  readonly #load: () => Promise<DocumentTable>;

  constructor(load: () => Promise<DocumentTable>) {
    this.#load = load;
  }

  async write(collection: string, documents: readonly Document[]): Promise<void> {
    await (await this.#load()).write(collection, documents);
  }

  async find(collection: string, query: Omit<Query, "collection">): Promise<Document[]> {
    return await (await this.#load()).find(collection, query);
  }

  async delete(collection: string, where: Filter, fits: Predicate): Promise<Document[]> {
    return await (await this.#load()).delete(collection, where, fits);
  }

  async names(): Promise<string[]> {
    return await (await this.#load()).names();
  }

  async references(): Promise<Iterable<string>> {
    return await (await this.#load()).references();
  }
}
