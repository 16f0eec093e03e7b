import type { DecodedArray, SchemaElement } from "hyparquet";
import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from "hyparquet/src/delta.js";
import { byteStreamSplit } from "hyparquet/src/encoding.js";
import { readPlain } from "hyparquet/src/plain.js";
import { damaged } from "./damage.ts";
import { readRuns } from "./levels.ts";

/** Values of a page: typed numbers, or a list. */
export type Values = DecodedArray | Uint8Array;

/** Bytes of a value of a type; of those of no fixed length, the least. */
const widths: Readonly<Record<string, number>> = {
  BOOLEAN: 1 / 8,
  INT32: 4,
  INT64: 8,
  INT96: 12,
  FLOAT: 4,
  DOUBLE: 8,
  BYTE_ARRAY: 4,
};
/** Most bytes that texts of a page may share with those before them and yet be written out. */
const maxShared = 2 ** 28;

/** The values of a page; numbers may be views of it. @throws {SyntaxError} damaged ones */
export function readValues(bytes: Uint8Array, encoding: string, element: SchemaElement, count: number): Values {
  try {
    return read(bytes, encoding, element, count);
  } catch (cause) {
    if (cause instanceof SyntaxError) throw cause;
    throw damaged(`values that can't be read: ${(cause as Error).message}`, cause);
  }
}

function read(bytes: Uint8Array, encoding: string, { type, type_length }: SchemaElement, count: number): Values {
  if (count === 0) return [];
  // What has no fixed width is only kept within the buffer, so that its end must be the page's.
  const own = type === "BYTE_ARRAY" || encoding.startsWith("DELTA") ? exact(bytes) : bytes;
  const reader = { view: new DataView(own.buffer, own.byteOffset, own.byteLength), offset: 0 };
  const width = type === "FIXED_LEN_BYTE_ARRAY" ? type_length ?? 0 : widths[type!]!;
  if (encoding === "PLAIN" || encoding === "BYTE_STREAM_SPLIT") {
    if (width * count > bytes.length) throw damaged(`${count} values of ${type} in ${bytes.length} bytes`);
    if (encoding === "PLAIN") return readPlain(reader, type!, count, type_length);
    return byteStreamSplit(reader, count, type!, type_length);
  }
  switch (encoding) {
    case "RLE": // of booleans, after the length
      return readRuns(bytes.subarray(4), 1, count);
    case "DELTA_BINARY_PACKED": {
      const numbers = type === "INT32" ? new Int32Array(count) : new BigInt64Array(count);
      deltaBinaryUnpack(reader, count, numbers);
      return numbers;
    }
    case "DELTA_LENGTH_BYTE_ARRAY": {
      const values: Uint8Array[] = new Array(count);
      deltaLengthByteArray(reader, count, values);
      return values;
    }
    case "DELTA_BYTE_ARRAY": {
      checkShared(own, count);
      const values: Uint8Array[] = new Array(count);
      deltaByteArray(reader, count, values);
      return values;
    }
  }
  throw new SyntaxError(`Cannot read parquet: values are packed by ${encoding}, which is unknown; write them plain`);
}

/** What texts share with those before them may make much of few bytes. */
function checkShared(bytes: Uint8Array, count: number): void {
  const reader = { view: new DataView(bytes.buffer), offset: 0 };
  const [shared, own] = [new Int32Array(count), new Int32Array(count)];
  deltaBinaryUnpack(reader, count, shared);
  deltaBinaryUnpack(reader, count, own);
  let total = 0;
  for (let i = 0, before = 0; i < count; i++) {
    if (shared[i]! < 0 || own[i]! < 0 || shared[i]! > before) throw damaged("text that begins as none before it");
    total += before = shared[i]! + own[i]!;
  }
  if (total > maxShared + bytes.length) throw new RangeError(`Cannot read parquet: a page unpacks to ${total} bytes`);
}

/** Bytes that begin where their buffer does, and end with it. */
const exact = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.prototype.slice.call(bytes);
