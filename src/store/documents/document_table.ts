import type { Document, Query } from "./access_request.ts";
import type { Filter, Predicate } from "./filter.ts";

/**
 * Where a store keeps its documents: checked ones with an `_id`, whose large arrays are StoredArrays. What documents
 * are like and what a query means is known elsewhere, the same for every store.
 */
export interface DocumentTable {
  /** All or none of them; one whose `_id` is there already takes that one's place (and keeps its place in the order). */
  write(collection: string, documents: readonly Document[]): Promise<void>;
  /**
   * At least the documents that a query asks for, in the order in which they were first written; others may be among
   * them: who asked looks at each again, sorts and cuts.
   */
  find(collection: string, query: Omit<Query, "collection">): Promise<Document[]>;
  /** Deletes what fits, in one step, and gives it back; `where` says the same as `fits`, to narrow the search. */
  delete(collection: string, where: Filter, fits: Predicate): Promise<Document[]>;
  /** The collections that have documents, sorted. */
  names(): Promise<string[]>;
  /** The blobs that documents refer to. */
  references(): Promise<Iterable<string>>;
}
