import type { ByteSource } from "../../module/byte_source.ts";
import { maskedCrc32c } from "../crc32c.ts";
import { viewOf } from "../reading.ts";

/** The error for a file of records that can't be read. */
export const unreadable = (what: string): SyntaxError =>
  new SyntaxError(`Cannot read tfrecord: ${what}; the file is cut off, damaged, or of another format`);

/** Where a record's bytes stand. */
export interface Frame {
  readonly from: number;
  readonly to: number;
}

/** The bytes before and after a record: its length, and a checksum of each. */
const head = 12, foot = 4;
/** How much of a file is read at once. */
const chunkBytes = 2 ** 20;

/**
 * The records in bytes: each is behind its length (64 bits) and the masked CRC-32C of that, and before its own.
 *
 * @param left how many bytes the file has from here on; a record that reaches past these bytes but not past the file ends
 * the walk
 * @param start where these bytes begin in the file, for messages
 * @throws {SyntaxError} a wrong checksum, a record that reaches past the file
 * @see https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details
 */
export function* framesIn(bytes: Uint8Array, left: number = bytes.length, start = 0): Generator<Frame> {
  const view = viewOf(bytes);
  for (let at = 0; at < left;) {
    if (at + head > bytes.length) {
      if (at + head <= left) return;
      throw unreadable(`${left - at} bytes at byte ${start + at} are no record`);
    }
    const to = frameEnd(bytes, view, at, start);
    if (to + foot > left) {
      throw unreadable(
        `the record at byte ${start + at} should end at byte ${start + to + foot}, found ${start + left}`,
      );
    }
    if (to + foot > bytes.length) return;
    if (view.getUint32(to, true) !== maskedCrc32c(bytes, at + head, to)) {
      throw unreadable(`the checksum of the record at byte ${start + at} differs`);
    }
    yield { from: at + head, to };
    at = to + foot;
  }
}

/** Where the record whose head stands at `at` ends. */
function frameEnd(bytes: Uint8Array, view: DataView, at: number, start: number): number {
  if (view.getUint32(at + 8, true) !== maskedCrc32c(bytes, at, at + 8)) {
    throw unreadable(`the checksum of the length at byte ${start + at} differs`);
  }
  return at + head + view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
}

/** A chunk of a file, and the whole records in it. */
export interface FrameChunk {
  readonly bytes: Uint8Array;
  /** Where these bytes begin in the file. */
  readonly start: number;
  readonly frames: readonly Frame[];
}

/**
 * A file's records, some at a time; the memory it takes is that of the longest one and some MiB. A chunk's bytes are there
 * until the next one is asked for: one buffer serves all, and what is read into it is given back at once. Left to be
 * collected, they would lie between what the records are made into and keep the allocator from using its place again.
 */
export async function* frameChunks(source: ByteSource): AsyncGenerator<FrameChunk> {
  let window = new Uint8Array(chunkBytes), start = 0, rest = 0, wanted = chunkBytes;
  while (start < source.size) {
    if (wanted > window.length) window = grown(window, rest, wanted);
    const length = await readInto(window, source, start, rest, Math.min(wanted, source.size - start));
    const bytes = window.subarray(0, length), frames = [...framesIn(bytes, source.size - start, start)];
    yield { bytes, start, frames };
    const end = frames.length === 0 ? 0 : frames.at(-1)!.to + foot;
    window.copyWithin(0, end, length);
    start += end;
    rest = length - end;
    const next = rest < head ? 0 : frameEnd(window.subarray(0, rest), viewOf(window), 0, start) + foot;
    wanted = Math.max(chunkBytes, next);
  }
}

/** Larger room for the first bytes of a window. */
function grown(window: Uint8Array, length: number, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size);
  larger.set(window.subarray(0, length));
  return larger;
}

/** Reads a part of a file into a window whose first bytes, `rest`, are there: how many are there then. */
async function readInto(
  window: Uint8Array,
  source: ByteSource,
  start: number,
  rest: number,
  length: number,
): Promise<number> {
  const more = await source.read(start + rest, start + length);
  if (rest + more.length < length) throw unreadable("it became shorter while it was read");
  window.set(more, rest);
  more.buffer.transfer(0); // given back at once
  return length;
}

/** Records as a file. `write` puts record `i`, of `lengths[i]` bytes, into the file's bytes at a place. */
export function writeFrames(
  lengths: readonly number[],
  write: (i: number, bytes: Uint8Array<ArrayBuffer>, at: number) => void,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + head + length + foot, 0)), view = viewOf(bytes);
  let at = 0;
  lengths.forEach((length, i) => {
    view.setUint32(at, length, true);
    view.setUint32(at + 4, Math.floor(length / 2 ** 32), true);
    view.setUint32(at + 8, maskedCrc32c(bytes, at, at + 8), true);
    const from = at + head;
    write(i, bytes, from);
    view.setUint32(from + length, maskedCrc32c(bytes, from, from + length), true);
    at = from + length + foot;
  });
  return bytes;
}
