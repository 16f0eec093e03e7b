/** What is wrong with packed bytes, for whoever reads the format around them. */
const wrong = (what: string): SyntaxError => new SyntaxError(`Cannot read LZ4: ${what}; the file is damaged`);

/** One byte becomes at most so many. */
const ratio = 255;

/**
 * Unpacks a block of LZ4, of a known size, after what was unpacked before it.
 *
 * @param into whose first `done` bytes are what came before
 * @returns how many bytes there are then
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
export function unpackBlock(packed: Uint8Array, into: Uint8Array, done: number): number {
  let at = 0;
  const lengthFrom = (short: number): number => {
    if (short < 15) return short;
    let length = short;
    for (let byte = 255; byte === 255; length += byte) {
      byte = packed[at++] ?? NaN;
      if (Number.isNaN(byte)) throw wrong("a length is cut off");
    }
    return length;
  };
  while (at < packed.length) {
    const token = packed[at++]!, literals = lengthFrom(token >> 4);
    if (at + literals > packed.length || done + literals > into.length) throw wrong("bytes go past their end");
    into.set(packed.subarray(at, at + literals), done);
    [at, done] = [at + literals, done + literals];
    if (at === packed.length) break;
    const back = packed[at]! | packed[at + 1]! << 8;
    at += 2;
    const length = lengthFrom(token & 15) + 4;
    if (back === 0 || back > done || done + length > into.length) throw wrong("it copies what is not there");
    if (back >= length) into.copyWithin(done, done - back, done - back + length);
    else for (let i = 0; i < length; i++) into[done + i] = into[done - back + i]!; // it repeats itself
    done += length;
  }
  return done;
}

/** Unpacks a single block. @throws {SyntaxError} damaged bytes, another size */
export function unpackLz4(packed: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size), found = unpackBlock(packed, bytes, 0);
  if (found !== size) throw wrong(`${found} bytes where ${size} were announced`);
  return bytes;
}

/**
 * Unpacks a frame of LZ4: a head and blocks, which may go on from one another. Checksums are not compared.
 *
 * @param maxBytes most that it may become
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 * @throws {SyntaxError} damaged bytes; @throws {RangeError} more than `maxBytes`
 */
export function unpackLz4Frame(packed: Uint8Array, maxBytes: number): Uint8Array {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (packed.length < 7 || view.getUint32(0, true) !== 0x184d2204) throw wrong("it does not begin as a frame");
  const flags = packed[4]!, hasSize = flags & 8, hasBlockChecksum = flags & 16, hasDictionary = flags & 1;
  if (flags >> 6 !== 1 || hasDictionary) throw wrong("the frame is of another version, or needs a dictionary");
  let at = 6 + (hasSize ? 8 : 0) + 1, done = 0;
  const size = hasSize && packed.length >= 14 ? Number(view.getBigUint64(6, true)) : packed.length * ratio;
  let bytes = new Uint8Array(Math.min(size, maxBytes, packed.length * ratio, hasSize ? Infinity : packed.length * 4));
  for (;;) {
    if (at + 4 > packed.length) throw wrong("the frame is cut off");
    const head = view.getUint32(at, true), length = head & 0x7fffffff, block = packed.subarray(at + 4, at + 4 + length);
    if (head === 0) break;
    if (block.length < length) throw wrong("the frame is cut off");
    const most = head >>> 31 ? length : Math.min(length * ratio, 2 ** (8 + 2 * (packed[5]! >> 4 & 7)));
    if (!hasSize && done + most > bytes.length) bytes = grown(bytes, Math.min(maxBytes, 2 * (done + most)));
    if (head >>> 31 === 0) done = unpackBlock(block, bytes, done);
    else if (done + length > bytes.length) throw wrong("bytes go past their end");
    else bytes.set(block, done), done += length;
    at += 4 + length + (hasBlockChecksum ? 4 : 0);
  }
  if (hasSize && done !== size) throw wrong(`${done} bytes where ${size} were announced`);
  return bytes.subarray(0, done);
}

function grown(bytes: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(size, bytes.length));
  larger.set(bytes);
  return larger;
}
