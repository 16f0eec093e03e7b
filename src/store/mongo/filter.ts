import { isRecord } from "../../module/value.ts";
import type { Filter } from "../documents/filter.ts";
import { idsIn } from "../documents/ids_in.ts";
import { encodeId, encodeKey } from "./key.ts";

/** A filter of MongoDB's. */
export type MongoFilter = Record<string, unknown>;

/** Everything. */
const all: MongoFilter = {};

/**
 * The part of a filter that MongoDB can be asked, so that at least what fits is found: it compares text by other rules,
 * finds what is in lists, and doesn't know what we encode. Everything it finds is looked at again.
 *
 * @param field the key under which the documents are
 */
export function toMongoFilter(where: Filter, field: string): MongoFilter {
  const parts = Object.entries(where).map(([key, operand]) => {
    if (key === "$and") return conjunction((operand as Filter[]).map((one) => toMongoFilter(one, field)));
    if (key === "$or") return disjunction((operand as Filter[]).map((one) => toMongoFilter(one, field)));
    return key.startsWith("$") ? all : condition(key, operand, field);
  });
  return conjunction(parts);
}

function condition(path: string, operand: unknown, field: string): MongoFilter {
  const ids = path === "_id" ? idsIn({ _id: operand }) : undefined;
  if (ids !== undefined) return { _id: ids.length === 1 ? encodeId(ids[0]!) : { $in: ids.map(encodeId) } };
  const places = placesOf(path, field);
  if (places === undefined) return all;
  const tests = isRecord(operand)
    ? Object.entries(operand).map(([name, value]) => test(name, value))
    : [test("$eq", operand)];
  return conjunction(
    tests.filter((one) => one !== undefined).map((one) => disjunction(places.flatMap((place) => one(place)))),
  );
}

/** Where a path may lead: to a key that itself has dots, or from key to key. Not through lists, which are encoded. */
function placesOf(path: string, field: string): string[] | undefined {
  const keys = path.split(".");
  if (path === "_id" || keys.some((key) => /^(\d+|length|\$.*)$/s.test(key))) return undefined;
  return [...new Set([[encodeKey(path)], keys.map(encodeKey)].map((keys) => [field, ...keys].join(".")))];
}

type Test = (place: string) => MongoFilter[];

/** What an operator asks of a value; undefined when that can't be asked. */
function test(operator: string, operand: unknown): Test | undefined {
  switch (operator) {
    case "$eq":
      return isPlain(operand) ? (place) => [{ [place]: operand }] : undefined;
    case "$in": {
      const items = operand as unknown[];
      return items.every(isPlain) && items.length > 0 ? (place) => [{ [place]: { $in: items } }] : undefined;
    }
    case "$gt":
    case "$gte":
    case "$lt":
    case "$lte":
      // a record may be a number that is encoded, an infinity or a bigint
      return isOrdered(operand)
        ? (place) => [{ [place]: { [operator]: operand } }, { [place]: { $type: "object" } }]
        : undefined;
    default:
      return undefined;
  }
}

/** Values that are equal in MongoDB when they are here; zero is not, of which there are two. */
function isPlain(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value) && value !== 0;
  if (typeof value === "string") return value.isWellFormed();
  return value === null || typeof value === "boolean" || isDate(value);
}

/** Values before and after which the same come in MongoDB: text is ordered by UTF-8 there, by UTF-16 here. */
const isOrdered = (value: unknown): boolean =>
  (typeof value === "number" && Number.isFinite(value)) ||
  (typeof value === "string" && /^[ -~]*$/.test(value)) ||
  isDate(value);

const isDate = (value: unknown): boolean => value instanceof Date && !Number.isNaN(value.getTime());

function conjunction(parts: readonly MongoFilter[]): MongoFilter {
  const asked = parts.filter((part) => part !== all);
  return asked.length < 2 ? asked[0] ?? all : { $and: asked };
}

/** One part that can't be asked makes the whole unaskable. */
function disjunction(parts: readonly MongoFilter[]): MongoFilter {
  if (parts.length === 0 || parts.includes(all)) return all;
  return parts.length === 1 ? parts[0]! : { $or: parts };
}
