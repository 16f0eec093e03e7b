import { constants, gunzipSync, gzipSync } from "node:zlib";
import { type Codec, codecs, extensionOf, headLength, recognise } from "../module/codec.ts";
import type { Value } from "../module/value.ts";
import { joined } from "./forward.ts";
import { fileSize, stringify as idxBytes } from "./idx.ts";
import { brief } from "./values.ts";

/** Bounds for {@linkcode parse}. */
export interface GzipOptions {
  /** Most bytes that the file may take once unpacked. */
  readonly maxBytes: number;
}

/** So many bytes hold the head even if they are hardly packed, and names before it. */
const packedHead = 2 ** 13;

/** 2 GiB. */
export const defaults: Readonly<GzipOptions> = { maxBytes: 2 ** 31 };

/**
 * A gzipped file of any other format: it is unpacked, and read by the codec of what is inside, known by how that begins or
 * by the name that gzip kept. Writes one NDArray as gzipped IDX, as the MNIST files are.
 */
export const gzip: Codec = {
  holds: "array",
  parse: (bytes) => parse(bytes),
  stringify: (value) => named(gzipSync(idxBytes(value)), "array.idx"),
};

/**
 * What is in a gzipped file.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1952
 * @throws {SyntaxError} a damaged file, or a format inside that can't be told
 * @throws {RangeError} one that unpacks to more than `maxBytes`
 */
export async function parse(bytes: Uint8Array, { maxBytes }: GzipOptions = defaults): Promise<Value> {
  const head = unpackHead(bytes), name = nameIn(bytes);
  const found = recognise(head)?.extensions[0] ?? extensionOf(name);
  const load = found === "gz" ? undefined : codecs.get(found);
  const most = found === "idx" ? Math.min(maxBytes, fileSize(head)) : maxBytes;
  if (load !== undefined) return await (await load()).parse(unpack(bytes, most));
  throw new SyntaxError(
    `Cannot read gzip: what is inside ("${brief(name)}") tells no format that is known; unpack it with gunzip first`,
  );
}

/** What the unpacked file begins with: what is inside is told before all of it is unpacked. */
function unpackHead(bytes: Uint8Array): Uint8Array {
  try {
    return gunzipSync(bytes.subarray(0, packedHead), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, headLength);
  } catch {
    return new Uint8Array();
  }
}

function unpack(bytes: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    const { code, message } = cause as Error & { code?: string };
    if (code === "ERR_BUFFER_TOO_LARGE") {
      throw new RangeError(
        `Cannot read gzip: it unpacks to more than ${maxBytes} bytes; if you trust it, raise maxBytes`,
        { cause },
      );
    }
    throw new SyntaxError(`Cannot read gzip: ${message}; the file is cut off, damaged, or of another format`, {
      cause,
    });
  }
}

/** What gzip packed, with a name for the file that is inside; no time, so that equal arrays give equal bytes. */
function named(packed: Uint8Array, name: string): Uint8Array {
  const head = packed.slice(0, 10), text = new TextEncoder().encode(`${name}\0`);
  head[3]! |= 8;
  return joined([head, text, packed.subarray(10)]);
}

/** The name of the file that was packed, where gzip kept it. */
function nameIn(bytes: Uint8Array): string {
  const extra = bytes[3]! & 4 ? 2 + bytes[10]! + 256 * bytes[11]! : 0, from = 10 + extra;
  const end = bytes[3]! & 8 ? bytes.indexOf(0, from) : from;
  return new TextDecoder("latin1").decode(bytes.subarray(from, Math.max(from, end)));
}
