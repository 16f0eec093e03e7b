import { crc32, inflateRawSync } from "node:zlib";
import { readBytes, type Reading, viewOf } from "../reading.ts";
import { brief } from "../values.ts";
import { type Entry, readDirectory } from "./directory.ts";

/** Deflate packs at most so many bytes into one. */
const deflateRatio = 1032;

/**
 * The files in a zip archive, stored or deflated, by name. Nothing is written to disk.
 *
 * Sizes are checked before anything is unpacked, and unpacking stops at the declared size, so that an archive that lies
 * costs no more memory than one that doesn't. Every file's checksum is compared.
 *
 * @throws {SyntaxError} a damaged archive, a repeated name; @throws {RangeError} more than `maxBytes` once unpacked
 */
export function unzip(bytes: Uint8Array, maxBytes: number): Map<string, Uint8Array> {
  const entries = readBytes(bytes, readDirectory(bytes.length));
  checkSize(entries.values(), maxBytes);
  return new Map([...entries].map(([name, entry]) => [name, readBytes(bytes, readEntry(entry, bytes.length))]));
}

/** @throws {RangeError} files that take more than `maxBytes` once unpacked */
export function checkSize(entries: Iterable<Entry>, maxBytes: number): void {
  let total = 0;
  for (const { size } of entries) {
    if ((total += size) <= maxBytes) continue;
    throw new RangeError(`Cannot read zip: it unpacks to more than ${maxBytes} bytes; if you trust it, raise maxBytes`);
  }
}

/** Where an entry's packed bytes stand in an archive of so many bytes. @throws {SyntaxError} what can't be so */
export function* findData(entry: Entry, archiveSize: number): Reading<readonly [from: number, to: number]> {
  const { method, packed, size, at } = entry;
  if (entry.flags & 1) throw damaged(entry, "is encrypted; save it without a password");
  const header = yield [at, at + 30], view = viewOf(header);
  if (header.length < 30 || view.getUint32(0, true) !== 0x04034b50) throw damaged(entry, "has no valid header");
  const from = at + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (from + packed > archiveSize) throw damaged(entry, "reaches past the end of the file");
  if (method !== 0 && method !== 8) {
    throw damaged(entry, `is packed by method ${method}; only stored and deflated files are read`);
  }
  if (size > packed * (method === 0 ? 1 : deflateRatio)) {
    throw damaged(entry, `declares ${size} bytes, too many for ${packed}`);
  }
  return [from, from + packed];
}

/** An entry's bytes, unpacked and checked. */
export function* readEntry(entry: Entry, archiveSize: number): Reading<Uint8Array> {
  const unpacked = inflate(yield yield* findData(entry, archiveSize), entry);
  if (unpacked.length !== entry.size) throw damaged(entry, `declares ${entry.size} bytes, found ${unpacked.length}`);
  if (crc32(unpacked) !== entry.crc) throw damaged(entry, "is damaged: its checksum differs");
  return unpacked;
}

/** The error for an entry that can't be read. */
export const damaged = ({ name }: Entry, what: string) => new SyntaxError(`Cannot read zip: "${brief(name)}" ${what}`);

function inflate(data: Uint8Array, entry: Entry): Uint8Array {
  if (entry.method === 0) return data;
  try {
    return inflateRawSync(data, {
      maxOutputLength: Math.max(1, entry.size),
      chunkSize: Math.max(64, Math.min(entry.size, 2 ** 20)),
    });
  } catch (cause) {
    throw damaged(entry, `is damaged: ${(cause as Error).message}`);
  }
}
