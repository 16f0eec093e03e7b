import type { ByteSource } from "../module/byte_source.ts";
import type { BlockOptions, Codec } from "../module/codec.ts";
import { arrayTypes, type DType, isNDArray, NDArray } from "../module/ndarray.ts";
import { type ArrayReader, arrayReader, cutTogether } from "./array_blocks.ts";
import { arrayFrom, type ArrayLayout, bytesOf, swapBytes } from "./array_bytes.ts";
import { isShape, ownBuffer } from "./arrays.ts";
import { forwardOf, joined } from "./forward.ts";
import { readBytes, type Reading, readSource, viewOf } from "./reading.ts";
import { nameOf } from "./values.ts";

/** The element types that IDX has, by their codes. */
const types: Readonly<Record<number, DType>> = {
  0x08: "uint8",
  0x09: "int8",
  0x0b: "int16",
  0x0c: "int32",
  0x0d: "float32",
  0x0e: "float64",
};

/** One NDArray as IDX, the format of the MNIST files: `train-images-idx3-ubyte` is one. Gzipped ones are read as `.gz`. */
export const idx: { parse: typeof parse; stringify: typeof stringify } & Codec = {
  holds: "array",
  parse,
  stringify,
  read: async (source) => await (await openReader(source)).next(Infinity),
  parts,
  blocks,
};

/**
 * The array in an IDX file.
 *
 * @see https://yann.lecun.com/exdb/mnist "The IDX file format"
 * @throws {SyntaxError} bytes that are not one whole IDX file
 */
export function parse(bytes: Uint8Array): NDArray {
  const start = readBytes(bytes, readStart(bytes.length));
  return arrayFrom(bytes.subarray(start.at), start);
}

/** The array as an IDX file. @throws {TypeError} what is no NDArray, and an element type that IDX lacks */
export function stringify(array: unknown): Uint8Array {
  return joined(parts(array));
}

/** The header, and the elements: the array's own bytes where they are bytes. */
function parts(array: unknown): Uint8Array[] {
  if (!isNDArray(array)) throw new TypeError(`Cannot write idx: found ${nameOf(array)}; it holds one NDArray`);
  const { dtype, shape } = array, code = Object.keys(types).find((code) => types[+code] === dtype);
  if (code === undefined || shape.length > 64 || shape.some((length) => length >= 2 ** 32)) {
    const found = code === undefined ? dtype : `shape [${shape}]`;
    throw new TypeError(`Cannot write idx: found ${found}; it holds ${Object.values(types).join(", ")}: convert it`);
  }
  const head = new Uint8Array(4 + 4 * shape.length), view = viewOf(head), width = arrayTypes[dtype].BYTES_PER_ELEMENT;
  head.set([0, 0, +code, shape.length]);
  shape.forEach((length, axis) => view.setUint32(4 + 4 * axis, length));
  if (width === 1) return [head, array.bytes];
  const data = ownBuffer(array.bytes);
  swapBytes(data, width);
  return [head, new Uint8Array(data)];
}

async function openReader(source: ByteSource): Promise<ArrayReader> {
  const start = await readSource(source, readStart(source.size));
  return arrayReader(start, forwardOf(source, start.at), "idx");
}

async function* blocks(source: ByteSource, options?: BlockOptions): AsyncGenerator<NDArray> {
  const reader = await openReader(source);
  for await (const block of cutTogether(new Map([["array", reader]]), "idx", options)) yield block.array!;
}

/** How many bytes a file that begins so should have; of what is no IDX file, any number. */
export function fileSize(head: Uint8Array): number {
  const at = 4 + 4 * head[3]!, dtype = types[head[2]!];
  if (dtype === undefined || !(at <= head.length)) return Infinity;
  const shape = Array.from({ length: head[3]! }, (_, axis) => viewOf(head).getUint32(4 + 4 * axis));
  return at + bytesOf({ dtype, shape });
}

/** The header of a file of so many bytes, checked against them, and where the data begin. */
function* readStart(size: number): Reading<ArrayLayout & { at: number }> {
  const head = yield [0, 4], dtype = types[head[2]!];
  if (head.length < 4 || head[0] !== 0 || head[1] !== 0 || dtype === undefined) {
    throw new SyntaxError("Cannot read idx: the file does not begin as an IDX file: two zero bytes and a known type");
  }
  const at = 4 + 4 * head[3]!, lengths = yield [4, at], view = viewOf(lengths);
  if (lengths.length < at - 4) {
    throw new SyntaxError(`Cannot read idx: the header should end at byte ${at}, found ${size}`);
  }
  const shape = Array.from({ length: head[3]! }, (_, axis) => view.getUint32(4 * axis));
  const layout = { dtype, shape, bigEndian: true }, [expected, found] = [bytesOf(layout), size - at];
  if (isShape(shape) && expected === found) return { ...layout, at };
  const shown = shape.length > 64 ? `${shape.slice(0, 64)}, ...` : `${shape}`;
  throw new SyntaxError(
    `Cannot read idx: ${dtype} of shape [${shown}] takes ${expected} bytes, found ${found}; the file is damaged`,
  );
}
