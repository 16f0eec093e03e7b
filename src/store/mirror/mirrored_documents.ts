import { randomUUID } from "node:crypto";
import { type AccessRequest, checkRequest, type Document } from "../documents/access_request.ts";
import { collectionNames, copyDocuments, type DocumentAccess } from "../documents/copy_documents.ts";
import type { DBInterface } from "../db_interface.ts";
import type { Mirror } from "./mirror.ts";
import { outbox, ownCollections, partial } from "./own_collections.ts";
import { Queue } from "../queue.ts";

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
  readonly #fetching = new Map<string, Promise<void>>();
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
    if (ownCollections.includes(collection)) {
      throw new RangeError(`Cannot use collection "${collection}": the store needs it itself; take another name`);
    }
    await this.#fetch(collection, checked.verb === "write");
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
      const refused: Error[] = [];
      while (await this.waiting() > refused.length) {
        const notes = await this.#local.access({
          read: { collection: outbox, skip: refused.length, limit: page },
        }) as Note[];
        const done: string[] = [];
        for (const { _id, collection, ids } of notes) {
          try {
            await this.#shipDocuments(collection, ids);
            done.push(_id);
          } catch (error) {
            if (this.#mirror.line.problem !== undefined) throw error;
            refused.push(error as Error); // others may be taken
          }
        }
        await this.#local.access({ delete: { collection: outbox, where: { _id: { $in: done } } } });
        this.#waiting = notes.length < page ? undefined : this.#waiting! - done.length;
      }
      if (refused.length > 0) throw refused[0];
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
    return [...new Set([...await collectionNames(this.#local), ...only])].sort();
  }

  /** A collection that only the remote store has is fetched when it is used for the first time. */
  async #fetch(collection: string, writing: boolean): Promise<void> {
    if (this.#fetched.has(collection)) return;
    while (this.#fetching.has(collection)) await this.#fetching.get(collection);
    if (this.#fetched.has(collection)) return;
    const fetching = this.#fetchOnce(collection, writing).finally(() => this.#fetching.delete(collection));
    this.#fetching.set(collection, fetching.catch(() => {}));
    await fetching;
  }

  /** A note says that some of it may be lacking here, until all of it is: in the middle of that a process may die. */
  async #fetchOnce(collection: string, writing: boolean): Promise<void> {
    const note = { _id: collection }, isHere = await this.#isHere(collection);
    const isNoted = (await this.#local.access({ query: { collection: partial, where: note } })).length > 0;
    if (!isHere || isNoted) {
      const there = (await this.#mirror.line.ask(collectionNames))?.answer;
      const isThere = there?.includes(collection);
      if (!isNoted && (isThere || (isThere === undefined && writing))) {
        await this.#local.access({ write: { collection: partial, document: note } });
      }
      if (isThere === undefined || (isThere && !await this.#bring(collection))) return; // asked again the next time
      if (isThere || isNoted) await this.#local.access({ delete: { collection: partial, where: note } });
    }
    this.#fetched.add(collection);
  }

  /** Brings what is lacking here, but for what was changed here; whether the remote store gave all of it. */
  async #bring(collection: string): Promise<boolean> {
    const { line } = this.#mirror;
    const remote: DocumentAccess = { access: (request) => line.run((store) => store.access(request)) };
    const notes = await this.#local.access({ read: { collection: outbox, where: { collection } } }) as Note[];
    try {
      await copyDocuments(remote, this.#local, collection, new Set(notes.flatMap(({ ids }) => ids)));
      return true;
    } catch (error) {
      if (line.problem === undefined) throw error;
      return false;
    }
  }

  /** Whether it has documents here, or had some of which the remote store doesn't know yet that they are gone. */
  async #isHere(collection: string): Promise<boolean> {
    const one = { limit: 1, select: [] };
    const found = await this.#local.access({ query: { collection, ...one } });
    if (found.length > 0) return true;
    return (await this.#local.access({ query: { collection: outbox, where: { collection }, ...one } })).length > 0;
  }
}
