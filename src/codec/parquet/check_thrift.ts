import { damaged } from "./damage.ts";
import { readVarint } from "./levels.ts";

/** Thrift's compact types. */
const boolTrue = 1,
  boolFalse = 2,
  byte = 3,
  int16 = 4,
  int32 = 5,
  int64 = 6,
  double = 7,
  binary = 8,
  list = 9,
  struct = 12;
const deepest = 32;

/**
 * Checks that a structure of Thrift's compact protocol, in which parquet writes its descriptions, lies in these bytes and
 * that no list in it claims more items than there are bytes: only then may it be read by who believes it.
 *
 * @returns where it ends
 * @throws {SyntaxError} it does not
 */
export function checkThrift(bytes: Uint8Array, at: number, depth = 0): number {
  if (depth > deepest) throw damaged("a description nested too deeply");
  for (;;) {
    const head = bytes[at++];
    if (head === undefined) throw damaged("a description without an end");
    if (head === 0) return at;
    if (head >> 4 === 0) [, at] = readVarint(bytes, at); // the field's number
    const type = head & 15;
    if (type !== boolTrue && type !== boolFalse) at = checkElement(bytes, at, type, depth);
  }
}

function checkElement(bytes: Uint8Array, at: number, type: number, depth: number): number {
  if (type === byte || type === boolTrue || type === boolFalse) return at + 1;
  if (type === double) return at + 8;
  if (type === int16 || type === int32 || type === int64) return endOfVarint(bytes, at);
  if (type === struct) return checkThrift(bytes, at, depth + 1);
  if (type === binary) {
    const [length, start] = readVarint(bytes, at);
    if (start + length > bytes.length) throw damaged("text past its end");
    return start + length;
  }
  if (type !== list) throw damaged(`a description of an unknown type ${type}`);
  const head = bytes[at++] ?? 0;
  let length = head >> 4;
  if (length === 15) [length, at] = readVarint(bytes, at);
  if (length > bytes.length - at) throw damaged(`a list of ${length} items in ${bytes.length - at} bytes`);
  for (let i = 0; i < length; i++) at = checkElement(bytes, at, head & 15, depth + 1);
  return at;
}

function endOfVarint(bytes: Uint8Array, at: number): number {
  for (let i = 0; i < 10; i++) if ((bytes[at + i] ?? 128) < 128) return at + i + 1;
  throw damaged("a number without an end");
}
