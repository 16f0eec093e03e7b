import { isRecord } from "../../module/value.ts";
import { quoted, suggest } from "../../module/text.ts";
import type { Filter } from "./filter.ts";
import { checkName } from "../names.ts";
import { whyNotStorable } from "./storable.ts";

/** A record of plain values and NDArrays; `_id` names it within its collection. */
// deno-lint-ignore no-explicit-any
export type Document = Record<string, any>;

/** Which documents, in which order, how many, and which parts of them. */
export interface Query {
  collection: string;
  where?: Filter;
  /** Dotted path to 1 (upwards) or -1 (downwards); the first counts most. */
  sort?: Readonly<Record<string, 1 | -1>>;
  skip?: number;
  limit?: number;
  /** Dotted paths; `_id` is always there. */
  select?: readonly string[];
  /** The same as MongoDB writes it, `{ score: 1 }`. */
  projection?: Readonly<Record<string, 1>>;
}

/** One thing to do with documents. */
export type AccessRequest =
  | { write: { collection: string; document?: Document; documents?: readonly Document[] } }
  | { read: Query }
  | { query: Query }
  | { delete: { collection: string; where: Filter } }
  /** The collections that there are, as documents with nothing but their names as `_id`. */
  | { collections: Record<never, never> };

const keys: Readonly<Record<string, readonly string[]>> = {
  write: ["collection", "document", "documents"],
  read: ["collection", "where", "sort", "skip", "limit", "select", "projection"],
  query: ["collection", "where", "sort", "skip", "limit", "select", "projection"],
  delete: ["collection", "where"],
  collections: [],
};

/** What to do instead of what is asked for elsewhere. */
const instead: Readonly<Record<string, string>> = {
  "write where": "write a document with the _id of another to replace it",
  "write update": "write a document with the _id of another to replace it",
  "write upsert": "a document replaces the one with its _id, if there is one",
  "read id": "give where: { _id }",
  "query filter": "give where",
};

/** The verb of a request, and what it is about. */
export type CheckedRequest =
  | { verb: "write"; collection: string; documents: readonly Document[] }
  | { verb: "read" | "query"; collection: string; query: Query }
  | { verb: "delete"; collection: string; where: Filter }
  | { verb: "collections" };

/** @throws {TypeError} a request that isn't one; @throws {RangeError} a collection's name that isn't allowed */
export function checkRequest(request: AccessRequest): CheckedRequest {
  const verbs = isRecord(request) ? Object.keys(request) : [];
  const [verb] = verbs;
  if (verbs.length !== 1) {
    throw refuse(`it takes exactly one of ${quoted(Object.keys(keys))}, found ${verbs.length || typeof request}`);
  }
  if (!Object.hasOwn(keys, verb!)) throw refuse(`"${verb}" is no verb; ${suggest(verb!, Object.keys(keys))}`);
  const body = (request as Record<string, unknown>)[verb!];
  if (!isRecord(body)) throw refuse(`"${verb}" takes a record, found ${typeof body}`);
  const unknown = Object.keys(body).find((key) => !keys[verb!]!.includes(key));
  if (unknown !== undefined) {
    throw refuse(
      `"${verb}" takes no "${unknown}"; ${instead[`${verb} ${unknown}`] ?? suggest(unknown, keys[verb!]!)}`,
    );
  }
  if (verb === "collections") return { verb };
  const collection = checkName("collection", body.collection);
  if (verb === "write") return { verb, collection, documents: checkDocuments(body) };
  if (verb === "delete" && body.where === undefined) {
    throw refuse(`"${verb}" takes a "where", found none; give {} for every document`);
  }
  if (verb === "delete") return { verb, collection, where: body.where as Filter };
  return { verb: verb as "read" | "query", collection, query: queryOf(body as unknown as Query) };
}

/** A query that says by `select` alone what is wanted of documents. */
function queryOf({ projection, ...query }: Query): Query {
  if (projection === undefined) return query;
  if (query.select !== undefined) throw refuse(`it takes "select" or "projection", found both`);
  const paths = Array.isArray(projection) ? projection : Object.keys(projection);
  if (!Array.isArray(projection) && !(isRecord(projection) && Object.values(projection).every((one) => one === 1))) {
    throw refuse(`"projection" takes what is wanted, as { score: 1 }, found ${JSON.stringify(projection)}`);
  }
  return { ...query, select: paths };
}

function checkDocuments({ document, documents }: Record<string, unknown>): readonly Document[] {
  if ((document === undefined) === (documents === undefined)) {
    throw refuse(`"write" takes either a "document" or "documents"; give one of them`);
  }
  const all = document === undefined ? documents : [document];
  if (!Array.isArray(all)) throw refuse(`"documents" takes a list, found ${typeof all}`);
  all.forEach((item, i) => {
    if (!isRecord(item)) throw refuse(`document ${i} is no record; give an object of plain values and NDArrays`);
    for (const [key, value] of Object.entries(item)) {
      const why = whyNotStorable(value);
      if (why === undefined) continue;
      throw refuse(`"${key}" of document ${i} can't be stored: it holds ${why}; give plain values, dates and NDArrays`);
    }
    if (item._id !== undefined && typeof item._id !== "string") {
      throw refuse(`"_id" of document ${i} is ${typeof item._id}; give text, or leave it out`);
    }
  });
  return all;
}

const refuse = (why: string): TypeError => new TypeError(`Cannot access the store: ${why}`);
