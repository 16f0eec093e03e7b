import { createHash } from "node:crypto";
import { isRecord, type Json } from "../module/value.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/**
 * The sha256 of a cell's source, in hexadecimal. How lines end, and white space at their ends and after the last one,
 * do not count: editors differ in them.
 */
export function sourceDigest(source: string): string {
  return sha256(source.replaceAll(/[ \t]*\r?\n|[ \t]*\r/g, "\n").trimEnd());
}

/** The sha256 of JSON, in hexadecimal; the order of keys does not count, for notebooks are saved with them sorted. */
export const jsonDigest = (json: Json): string => sha256(JSON.stringify(sorted(json)));

function sorted(json: Json): Json {
  if (Array.isArray(json)) return json.map(sorted);
  if (!isRecord(json)) return json;
  return Object.fromEntries(Object.keys(json).sort().map((key) => [key, sorted(json[key] as Json)]));
}
