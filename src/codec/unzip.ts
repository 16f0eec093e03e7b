import { crc32, inflateRawSync } from "node:zlib";

interface Entry {
  name: string;
  flags: number;
  method: number;
  crc: number;
  /** Bytes in the archive. */
  packed: number;
  /** Bytes once unpacked, as declared. */
  size: number;
  /** Where its local header stands. */
  at: number;
}

/** Deflate packs at most so many bytes into one. */
const deflateRatio = 1032;

/**
 * The files in a zip archive, stored or deflated, by name. Nothing is written to disk.
 *
 * Sizes are checked before anything is unpacked, and unpacking stops at the declared size, so that an archive that lies
 * costs no more memory than one that doesn't. Every file's checksum is compared.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 * @throws {SyntaxError} a damaged archive, a repeated name; @throws {RangeError} more than `maxBytes` once unpacked
 */
export function unzip(bytes: Uint8Array, maxBytes: number): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries = new Map<string, Entry>();
  let total = 0;
  for (const entry of directory(bytes, view)) {
    if (entries.has(entry.name)) throw new SyntaxError(`Cannot read zip: "${entry.name}" is in it twice`);
    if ((total += entry.size) > maxBytes) {
      throw new RangeError(
        `Cannot read zip: it unpacks to more than ${maxBytes} bytes; if you trust it, raise maxBytes`,
      );
    }
    entries.set(entry.name, entry);
  }
  return new Map([...entries].map(([name, entry]) => [name, unpack(entry, bytes, view)]));
}

/** The entries that the central directory, at the archive's end, lists. */
function* directory(bytes: Uint8Array, view: DataView): Generator<Entry> {
  const end = findEnd(view);
  const [count, length, start] = [
    view.getUint16(end + 10, true),
    view.getUint32(end + 12, true),
    view.getUint32(end + 16, true),
  ];
  if (start === 0xffffffff || count === 0xffff) {
    throw new SyntaxError("Cannot read zip: it is a zip64 archive of over 4 GiB; save it as .safetensors");
  }
  if (start + length !== end) throw new SyntaxError("Cannot read zip: the directory is damaged");
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== 0x02014b50) {
      throw new SyntaxError(`Cannot read zip: the directory is damaged at its entry ${i + 1} of ${count}`);
    }
    const nameEnd = at + 46 + view.getUint16(at + 28, true);
    yield {
      name: new TextDecoder().decode(bytes.subarray(at + 46, nameEnd)),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    };
    at = nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
}

/** Where the end record stands: the last 22 bytes, or before a comment of at most 64 KiB. */
function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--) {
    const fits = view.getUint32(at, true) === 0x06054b50 && at + 22 + view.getUint16(at + 20, true) === view.byteLength;
    if (fits) return at;
  }
  throw new SyntaxError("Cannot read zip: found no end record; the file is cut off, or not a zip archive");
}

function unpack(entry: Entry, bytes: Uint8Array, view: DataView): Uint8Array {
  const { name, method, packed, size, at } = entry;
  const damaged = (what: string) => new SyntaxError(`Cannot read zip: "${name}" ${what}`);
  if (entry.flags & 1) throw damaged("is encrypted; save it without a password");
  if (at + 30 > bytes.length || view.getUint32(at, true) !== 0x04034b50) throw damaged("has no valid header");
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (start + packed > bytes.length) throw damaged("reaches past the end of the file");
  if (size > packed * (method === 0 ? 1 : deflateRatio)) {
    throw damaged(`declares ${size} bytes, too many for ${packed}`);
  }
  const unpacked = inflate(bytes.subarray(start, start + packed), entry, damaged);
  if (unpacked.length !== size) throw damaged(`declares ${size} bytes, found ${unpacked.length}`);
  if (crc32(unpacked) !== entry.crc) throw damaged("is damaged: its checksum differs");
  return unpacked;
}

function inflate(data: Uint8Array, { method, size }: Entry, damaged: (what: string) => SyntaxError): Uint8Array {
  if (method === 0) return data;
  if (method !== 8) throw damaged(`is packed by method ${method}; only stored and deflated files are read`);
  try {
    return inflateRawSync(data, {
      maxOutputLength: Math.max(1, size),
      chunkSize: Math.max(64, Math.min(size, 2 ** 20)),
    });
  } catch (cause) {
    throw damaged(`is damaged: ${(cause as Error).message}`);
  }
}
