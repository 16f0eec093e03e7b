import { randomUUID } from "node:crypto";
import { type AccessRequest, checkRequest, type Document } from "../access_request.ts";
import { collectionNames, copyDocuments } from "../copy_documents.ts";
import type { DBInterface } from "../db_interface.ts";
import type { Mirror } from "./mirror.ts";
import { archivesCollection } from "./mirrored_archives.ts";
import { Queue } from "../queue.ts";

/** The local collection that says which documents are to be shipped; nobody else sees it. */
const outbox = "mirror outbox";
/** The collections that the store needs itself. */
const own = [outbox, archivesCollection];
/** Notes of the outbox that are read at once. */
const page = 200;

/** What a note in the outbox says: these documents may be otherwise in the remote store. */
interface Note {
  _id: string;
  collection: string;
  ids: string[];
}

/** Documents in two stores: read from the local one, written to both, to the remote one a little later. */
export class MirroredDocuments {
  readonly #mirror: Mirror;
  readonly #shipped: () => void;
  readonly #shipping = new Queue();
  /** Collections that are known to be here, if they are anywhere. */
  readonly #fetched = new Set<string>();
  /** Notes in the outbox; undefined before it was looked at. */
  #waiting: number | undefined;

  /** @param shipped is called when there is something to ship */
  constructor(mirror: Mirror, soon: () => void) {
    this.#mirror = mirror;
    this.#shipped = soon;
  }

  get #local(): DBInterface {
    return this.#mirror.local;
  }

  async access(request: AccessRequest): Promise<Document[]> {
    const checked = checkRequest(request);
    if (checked.verb === "collections") return (await this.#names()).map((_id) => ({ _id }));
    const collection = "query" in checked ? checked.query.collection : checked.collection;
    if (own.includes(collection)) {
      throw new RangeError(`Cannot use collection "${collection}": the store needs it itself; take another name`);
    }
    await this.#fetch(collection);
    switch (checked.verb) {
      case "write": {
        const documents = checked.documents.map((document) => ({ ...document, _id: document._id ?? randomUUID() }));
        return await this.#change(
          collection,
          documents,
          () => this.#local.access({ write: { collection, documents } }),
        );
      }
      case "delete": {
        const { where } = checked;
        const found = await this.#local.access({ query: { collection, where, select: [] } });
        return await this.#change(collection, found, () => this.#local.access(request));
      }
      default:
        return await this.#local.access(request);
    }
  }

  /** How many notes are in the outbox. */
  async waiting(): Promise<number> {
    return this.#waiting ??= (await this.#local.access({ query: { collection: outbox, select: [] } })).length;
  }

  /** Ships what the outbox says. @throws what keeps the remote store from taking it */
  ship(): Promise<void> {
    return this.#shipping.run(async () => {
      while (await this.waiting() > 0) {
        const notes = await this.#local.access({ read: { collection: outbox, limit: page } }) as Note[];
        for (const { collection, ids } of notes) await this.#shipDocuments(collection, ids);
        const done = notes.map(({ _id }) => _id);
        await this.#local.access({ delete: { collection: outbox, where: { _id: { $in: done } } } });
        this.#waiting = notes.length < page ? undefined : this.#waiting! - notes.length;
      }
    });
  }

  /** What is to be shipped is noted before anything is changed, so that a process that dies leaves nothing unsaid. */
  async #change(collection: string, documents: readonly Document[], change: () => Promise<Document[]>) {
    const ids = documents.map(({ _id }) => _id as string);
    if (ids.length > 0) {
      await this.waiting();
      await this.#local.access({ write: { collection: outbox, document: { collection, ids } } });
      this.#waiting = (this.#waiting ?? 0) + 1;
    }
    const result = await change();
    if (ids.length === 0) return result;
    this.#shipped();
    await this.#mirror.waitFor(() => this.#waiting ?? 0);
    return result;
  }

  async #shipDocuments(collection: string, ids: readonly string[]): Promise<void> {
    const where = { _id: { $in: ids } };
    const documents = await this.#local.access({ read: { collection, where } });
    const present = new Set(documents.map(({ _id }) => _id));
    const gone = ids.filter((id) => !present.has(id));
    await this.#mirror.line.run(async (remote) => {
      if (documents.length > 0) await remote.access({ write: { collection, documents } });
      if (gone.length > 0) await remote.access({ delete: { collection, where: { _id: { $in: gone } } } });
    });
  }

  async #names(): Promise<string[]> {
    const there = await this.#mirror.line.ask(collectionNames);
    const only = (there?.answer ?? []).filter((name) => !this.#fetched.has(name)); // what is known is as it is here
    return [...new Set([...await collectionNames(this.#local), ...only])].filter((name) => !own.includes(name)).sort();
  }

  /** A collection that only the remote store has is fetched when it is used for the first time. */
  async #fetch(collection: string): Promise<void> {
    if (this.#fetched.has(collection)) return;
    if (!await this.#isHere(collection)) {
      const fetched = await this.#mirror.line.ask((remote) => copyDocuments(remote, this.#local, collection));
      if (fetched === undefined) return; // asked again the next time
    }
    this.#fetched.add(collection);
  }

  /** Whether it has documents here, or had some of which the remote store doesn't know yet that they are gone. */
  async #isHere(collection: string): Promise<boolean> {
    const one = { limit: 1, select: [] };
    const found = await this.#local.access({ query: { collection, ...one } });
    if (found.length > 0) return true;
    return (await this.#local.access({ query: { collection: outbox, where: { collection }, ...one } })).length > 0;
  }
}
