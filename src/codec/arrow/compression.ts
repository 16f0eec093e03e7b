import { zstdDecompressSync } from "node:zlib";
import { compressionRegistry, CompressionType } from "apache-arrow";
import { unpackLz4Frame } from "../lz4.ts";

/** How many bytes may still be unpacked. */
let left = 0;

/** Does some work in which apache-arrow may unpack so many bytes; the work is done when this returns. */
export function unpackingAtMost<T>(bytes: number, work: () => T): T {
  left = bytes;
  return work();
}

const counted = (unpack: (packed: Uint8Array, maxBytes: number) => Uint8Array) => (packed: Uint8Array): Uint8Array => {
  const bytes = unpack(packed, Math.max(1, left));
  left -= bytes.length;
  return bytes;
};

// As pyarrow's Feather packs by default, and as it can.
compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: counted(unpackLz4Frame) });
compressionRegistry.set(CompressionType.ZSTD, {
  decode: counted((packed, maxBytes) => new Uint8Array(zstdDecompressSync(packed, { maxOutputLength: maxBytes }))),
});
