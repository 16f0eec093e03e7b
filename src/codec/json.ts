import type { SyncCodec } from "../module/codec.ts";
import type { Json } from "../module/value.ts";
import { decode, decodeText, encode } from "./values.ts";

/**
 * JSON (RFC 8259), with two spaces and a newline at the end. Plain data are plain JSON; what JSON lacks is tagged, as
 * `encodeValue` describes.
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

function parseText(text: string): Json {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`Cannot read JSON: ${(cause as Error).message}`, { cause });
  }
}
