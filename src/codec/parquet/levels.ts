import { damaged } from "./damage.ts";

/**
 * Numbers packed as runs and as groups of eight, as parquet packs levels and indices of a dictionary. Reads no more of
 * them than were announced, whatever the runs say.
 *
 * @param width bits of a number, up to 32
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/
 */
export function readRuns(bytes: Uint8Array, width: number, count: number): Uint32Array | Uint8Array {
  const numbers = width <= 8 ? new Uint8Array(count) : new Uint32Array(count);
  if (width > 32) throw damaged(`numbers of ${width} bits`);
  let at = 0, done = 0;
  while (done < count) {
    const [header, start] = readVarint(bytes, at);
    if (header === 0) throw damaged("an empty run");
    const length = header & 1 ? (header >>> 1) * 8 : header >>> 1;
    const taken = Math.min(length, count - done);
    if (header & 1) {
      at = start + (header >>> 1) * width;
      if (start + Math.ceil(taken * width / 8) > bytes.length) throw damaged("a run past the end of its page");
      unpack(bytes, start, width, numbers.subarray(done, done + taken));
    } else {
      at = start + Math.ceil(width / 8);
      if (at > bytes.length) throw damaged("a run past the end of its page");
      let value = 0;
      for (let i = at - 1; i >= start; i--) value = value * 256 + bytes[i]!;
      numbers.fill(value, done, done + taken);
    }
    done += taken;
  }
  return numbers;
}

/** Numbers of equal width, the lowest bits first. */
function unpack(bytes: Uint8Array, start: number, width: number, into: Uint32Array | Uint8Array): void {
  const mask = width === 32 ? 0xffffffff : 2 ** width - 1;
  for (let i = 0, bit = 0; i < into.length; i++, bit += width) {
    const at = start + (bit >>> 3), shift = bit & 7;
    const low = (bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24) >>> shift;
    into[i] = (shift + width > 32 ? low | bytes[at + 4]! << (32 - shift) : low) & mask;
  }
}

/** A number of up to 32 bits, seven in a byte, and where it ends. */
export function readVarint(bytes: Uint8Array, at: number): [value: number, end: number] {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined) break;
    value = (value | (byte & 127) << shift) >>> 0;
    if (byte < 128) return [value, at];
  }
  throw damaged("a number without an end");
}
