import * as zlib from "node:zlib";
import { unpackLz4 } from "../lz4.ts";
import { damaged } from "./damage.ts";
import { unpackSnappy } from "./snappy.ts";

type Unpack = (packed: Uint8Array, size: number) => Uint8Array;

/** How many bytes one byte of a packed page can become; zlib's stop by themselves at the size that was announced. */
const ratios: Readonly<Record<string, number>> = { SNAPPY: 22, LZ4_RAW: 255 };

const unpackers: Readonly<Record<string, Unpack>> = {
  SNAPPY: unpackSnappy,
  GZIP: (packed, size) => zlib.gunzipSync(packed, { maxOutputLength: size }),
  BROTLI: (packed, size) => zlib.brotliDecompressSync(packed, { maxOutputLength: size }),
  ZSTD: (packed, size) => zlib.zstdDecompressSync(packed, { maxOutputLength: size }),
  LZ4_RAW: unpackLz4,
};

/** A page's bytes, no more of them than were announced. @throws {SyntaxError} damaged ones, an unknown compression */
export function decompress(packed: Uint8Array, size: number, codec: string): Uint8Array {
  if (codec === "UNCOMPRESSED") return packed.length === size ? packed : wrongSize(packed.length, size);
  const unpack = unpackers[codec];
  if (unpack === undefined) {
    const known = Object.keys(unpackers).join(", ");
    throw new SyntaxError(
      `Cannot read parquet: it is packed by ${codec}; known are ${known}: write it with one of them`,
    );
  }
  if (size === 0) return new Uint8Array();
  if (size > 64 + packed.length * (ratios[codec] ?? Infinity)) {
    throw damaged(`${size} bytes packed into ${packed.length}`);
  }
  let page: Uint8Array;
  try {
    page = unpack(packed, size);
  } catch (cause) {
    throw damaged(`a page that ${codec} did not pack: ${(cause as Error).message}`, cause);
  }
  return page.length === size ? page : wrongSize(page.length, size);
}

function wrongSize(found: number, announced: number): never {
  throw damaged(`a page of ${found} bytes where ${announced} were announced`);
}
