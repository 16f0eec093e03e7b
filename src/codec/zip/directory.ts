import { type Reading, viewOf } from "../reading.ts";
import { brief } from "../values.ts";

/** A file in a zip archive, as the directory at the archive's end tells of it. */
export interface Entry {
  name: string;
  flags: number;
  /** How it is packed: 0 stored, 8 deflated. */
  method: number;
  crc: number;
  /** Bytes in the archive. */
  packed: number;
  /** Bytes once unpacked, as declared. */
  size: number;
  /** Where its local header stands. */
  at: number;
}

/** Where the directory stands, and how many files it lists. */
interface Place {
  count: number;
  start: number;
  end: number;
}

/** The end record, a comment of at most 64 KiB, and before them what tells where a zip64 archive's own end record is. */
const tailLength = 20 + 22 + 0xffff;
/** A 32-bit field that says: look into the zip64 record. */
const over32 = 0xffffffff;
/** A longer directory is not read: 256 MiB are some two million files. */
const maxDirectory = 2 ** 28;

/**
 * The files in a zip archive of so many bytes, by name; zip64 included.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT sections 4.3.7 to 4.3.16 and 4.5.3
 * @throws {SyntaxError} a damaged archive, a repeated name
 */
export function* readDirectory(size: number): Reading<Map<string, Entry>> {
  const { count, start, end } = yield* findDirectory(size);
  if (end - start > maxDirectory) {
    throw new SyntaxError(`Cannot read zip: a directory of ${end - start} bytes; at most ${maxDirectory} are read`);
  }
  const bytes = yield [start, end];
  const view = viewOf(bytes), entries = new Map<string, Entry>();
  let at = 0, packed = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== 0x02014b50) {
      throw new SyntaxError(`Cannot read zip: the directory is damaged at its entry ${i + 1} of ${count}`);
    }
    const nameEnd = at + 46 + view.getUint16(at + 28, true), extraEnd = nameEnd + view.getUint16(at + 30, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, nameEnd));
    const entry: Entry = {
      name,
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    };
    if (entries.has(name)) throw new SyntaxError(`Cannot read zip: "${brief(name)}" is in it twice`);
    const placed = widened(entry, bytes.subarray(nameEnd, extraEnd));
    if (placed.packed <= start && (packed += placed.packed) > start) {
      throw new SyntaxError("Cannot read zip: its files overlap: together they take more bytes than it has");
    }
    entries.set(name, placed);
    at = extraEnd + view.getUint16(at + 32, true);
  }
  return entries;
}

/** By the end record: the last 22 bytes, or those before a comment. */
function* findDirectory(size: number): Reading<Place> {
  const tailAt = Math.max(0, size - tailLength), tail = yield [tailAt, size];
  const view = viewOf(tail);
  for (let at = tail.length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50 || at + 22 + view.getUint16(at + 20, true) !== tail.length) continue;
    const count = view.getUint16(at + 10, true), start = view.getUint32(at + 16, true);
    if (count === 0xffff || start === over32) {
      const record = at < 20 || view.getUint32(at - 20, true) !== 0x07064b50 ? NaN : uint64(view, at - 12);
      if (!Number.isNaN(record)) return yield* findWideDirectory(record, tailAt + at - 20);
    }
    if (start + view.getUint32(at + 12, true) !== tailAt + at) break;
    return { count, start, end: tailAt + at };
  }
  throw new SyntaxError(
    "Cannot read zip: found no valid end record; the file is cut off, damaged, or not a zip archive",
  );
}

/** By a zip64 archive's own end record, of which the locator at `locator` tells. */
function* findWideDirectory(at: number, locator: number): Reading<Place> {
  const record = at + 56 > locator ? new Uint8Array() : yield [at, at + 56];
  const view = viewOf(record);
  if (record.length === 56 && view.getUint32(0, true) === 0x06064b50) {
    const [count, length, start] = [uint64(view, 32), uint64(view, 40), uint64(view, 48)];
    if (start + length === at && count * 46 <= length) return { count, start, end: at };
  }
  throw new SyntaxError("Cannot read zip: its zip64 end record is damaged");
}

/** An entry whose numbers of over 32 bits stand in its extra field 1: those that are needed, in this order. */
function widened(entry: Entry, extra: Uint8Array): Entry {
  const wide = (["size", "packed", "at"] as const).filter((key) => entry[key] === over32);
  if (wide.length === 0) return entry;
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length; at += 4 + view.getUint16(at + 2, true)) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) !== 1 || length < 8 * wide.length || at + 4 + length > extra.length) continue;
    return wide.reduce((wider, key, i) => ({ ...wider, [key]: uint64(view, at + 4 + 8 * i) }), entry);
  }
  return entry;
}

const uint64 = (view: DataView, at: number): number => Number(view.getBigUint64(at, true));
