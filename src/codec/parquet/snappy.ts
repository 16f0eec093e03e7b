import { snappyUncompressor } from "hysnappy";
import { damaged } from "./damage.ts";

/** Of larger pages the memory of hysnappy, which only grows, would stay too large. */
const largest = 2 ** 24;
let fast: ReturnType<typeof snappyUncompressor> | undefined;

/**
 * Unpacks Snappy into bytes of the size that was announced.
 *
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 * @throws {SyntaxError} anything that is damaged
 */
export function unpackSnappy(packed: Uint8Array, size: number): Uint8Array {
  if (sizeIn(packed) !== size) throw damaged(`a page of ${sizeIn(packed)} bytes where ${size} were announced`);
  if (size > largest || packed.length > largest) return unpackSlowly(packed, size);
  try {
    return (fast ??= snappyUncompressor())(packed, size);
  } catch (cause) {
    fast = undefined; // it may have written where it should not
    throw damaged(`Snappy's bytes are damaged: ${(cause as Error).message}`, cause);
  }
}

/** The size that packed bytes begin with: a number in groups of seven bits. */
function sizeIn(packed: Uint8Array): number {
  let size = 0, scale = 1;
  for (let at = 0; at < 5 && at < packed.length; at++, scale *= 128) {
    size += (packed[at]! & 127) * scale;
    if (packed[at]! < 128) return size;
  }
  return NaN;
}

/** Without WebAssembly: a tenth as fast where little could be packed, as among fractions. */
export function unpackSlowly(packed: Uint8Array, size: number): Uint8Array {
  const page = new Uint8Array(size);
  let at = 0, done = 0;
  while (packed[at]! > 127) at++; // the size again
  at++;
  while (at < packed.length) {
    const tag = packed[at++]!, kind = tag & 3;
    const length = kind === 1 ? 4 + (tag >> 2 & 7) : (tag >> 2) + 1;
    if (kind === 0) {
      const more = Math.max(0, length - 60), whole = more === 0 ? length : number(packed, at, more) + 1;
      at += more;
      if (at + whole > packed.length || done + whole > size) throw damaged("Snappy's bytes past their end");
      page.set(packed.subarray(at, at + whole), done);
      [at, done] = [at + whole, done + whole];
      continue;
    }
    const width = kind === 3 ? 4 : kind, back = number(packed, at, width) + (kind === 1 ? tag >> 5 << 8 : 0);
    at += width;
    if (back === 0 || back > done || done + length > size) throw damaged("Snappy's copy of what is not there");
    if (back >= length) page.copyWithin(done, done - back, done - back + length);
    else for (let i = 0; i < length; i++) page[done + i] = page[done - back + i]!; // it repeats itself
    done += length;
  }
  if (done !== size) throw damaged(`a page of ${done} bytes where ${size} were announced`);
  return page;
}

function number(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? NaN);
  if (Number.isNaN(value)) throw damaged("Snappy's bytes cut off");
  return value;
}
