import type { Json } from "../../module/value.ts";
import { decodeKey, encodeKey } from "./key.ts";

/** What MongoDB keeps as it is. */
export type Bson = null | boolean | number | string | Date | Bson[] | { [key: string]: Bson };

const listKey = "%list", textKey = "%text";

/**
 * Tagged JSON as documents of MongoDB: dates are dates there, so that they can be compared; keys are encoded; a list in
 * a list, which not every server takes, and text that is no UTF-16 get a record around them.
 */
export function toBson(json: Json): Bson {
  if (typeof json === "string") return json.isWellFormed() ? json : { [textKey]: JSON.stringify(json) };
  if (json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) return json.map((item) => Array.isArray(item) ? { [listKey]: toBson(item) } : toBson(item));
  const keys = Object.keys(json);
  if (keys.length === 1 && typeof json.$date === "string") return new Date(json.$date);
  if (keys.length === 1 && keys[0] === "$record") {
    return { [encodeKey("$record")]: recordToBson(json.$record as Record<string, Json>) };
  }
  return recordToBson(json);
}

/** A record in which no key is a tag. */
const recordToBson = (record: Readonly<Record<string, Json>>): Bson =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [encodeKey(key), toBson(value)]));

/** Reads what {@linkcode toBson} made. */
export function fromBson(bson: Bson): Json {
  if (bson instanceof Date) return { $date: bson.toISOString() };
  if (bson === null || typeof bson !== "object") return bson;
  if (Array.isArray(bson)) return bson.map(fromBson);
  const keys = Object.keys(bson);
  if (keys.length === 1 && keys[0] === listKey) return fromBson(bson[listKey]!);
  if (keys.length === 1 && keys[0] === textKey) return JSON.parse(bson[textKey] as string);
  return Object.fromEntries(keys.map((key) => [decodeKey(key), fromBson(bson[key]!)]));
}
