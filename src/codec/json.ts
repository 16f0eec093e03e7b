import type { SyncCodec } from "../module/codec.ts";
import type { Json } from "../module/value.ts";
import { decode, decodeText, encode, wholeIn } from "./values.ts";

/**
 * JSON (RFC 8259), with two spaces and a newline at the end. Plain data are plain JSON; what JSON lacks is tagged, as
 * `encodeValue` describes. A whole number that would lose digits is read as a bigint.
 *
 * @example
 * ```ts
 * import { codecFor } from "ptutils";
 * const json = await codecFor("run.json");
 * const read = await json.parse(await json.stringify({ loss: NaN })) as { loss: number };
 * if (!Number.isNaN(read.loss)) throw new Error("unexpected");
 * ```
 */
export const json: SyncCodec = {
  holds: "values",
  parse: (bytes) => decode(parseText(decodeText(bytes, "JSON")), "JSON"),
  stringify: (value) => new TextEncoder().encode(`${JSON.stringify(encode(value, "JSON"), null, 2)}\n`),
};

/** Digits of which a number may not keep all. */
const hasLong = /\d{16}/;

const reviveLong = (_: string, value: unknown, { source }: { source?: string } = {}): unknown =>
  typeof value === "number" && source !== undefined ? wholeIn(source, value) : value;

function parseText(text: string): Json {
  try {
    return hasLong.test(text) ? JSON.parse(text, reviveLong) : JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`Cannot read JSON: ${(cause as Error).message}`, { cause });
  }
}
