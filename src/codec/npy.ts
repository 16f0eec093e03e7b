import { Buffer } from "node:buffer";
import type { SyncCodec } from "../module/codec.ts";
import { arrayTypes, isNDArray, type NDArray, sizeOf } from "../module/ndarray.ts";
import { fromBuffer, ownBuffer } from "./arrays.ts";
import { formatHeader, parseHeader } from "./npy_header.ts";
import { nameOf } from "./values.ts";

const magic = [0x93, ..."NUMPY"].map((c) => typeof c === "string" ? c.charCodeAt(0) : c);

/** One NDArray as numpy's `.npy`. Reads versions 1 to 3, either byte order and either memory order. */
export const npy: SyncCodec = {
  holds: "array",
  parse,
  stringify: (value) => {
    if (isNDArray(value)) return stringify(value);
    throw new TypeError(
      `Cannot write npy: found ${nameOf(value)}; it holds one NDArray: save several as .npz or .safetensors`,
    );
  },
};

/**
 * The array in a `.npy` file.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @throws {SyntaxError} bytes that are not one whole `.npy` file, and types that an NDArray lacks
 */
export function parse(bytes: Uint8Array): NDArray {
  const start = dataStart(bytes);
  const version = bytes[6]!;
  const text = new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(
    bytes.subarray(version === 1 ? 10 : 12, start),
  );
  const { dtype, bigEndian, fortran, shape } = parseHeader(text);
  const width = arrayTypes[dtype].BYTES_PER_ELEMENT;
  const [expected, found] = [sizeOf(shape) * width, bytes.length - start];
  if (expected !== found) {
    throw new SyntaxError(
      `Cannot read npy: ${dtype} of shape [${shape}] takes ${expected} bytes, found ${found}; the file is damaged`,
    );
  }
  let buffer = ownBuffer(bytes.subarray(start));
  if (bigEndian) swapBytes(buffer, width);
  if (fortran && shape.length > 1) buffer = toRowMajor(buffer, width, shape);
  return fromBuffer(dtype, shape, buffer);
}

/** The array as a `.npy` file of version 1, its data aligned to 64 bytes. */
export function stringify(array: NDArray): Uint8Array {
  const text = formatHeader(array.dtype, array.shape);
  const start = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(start + array.data.byteLength);
  bytes.set([...magic, 1, 0, (start - 10) & 255, (start - 10) >> 8]);
  bytes.set(new TextEncoder().encode(text.padEnd(start - 11) + "\n"), 10);
  bytes.set(array.bytes, start);
  return bytes;
}

/** Where the header ends, after checking what comes before it. */
function dataStart(bytes: Uint8Array): number {
  const version = bytes[6]!;
  if (bytes.length < 12 || !magic.every((byte, i) => bytes[i] === byte)) {
    throw new SyntaxError("Cannot read npy: the file does not begin as a .npy file; save it with numpy.save");
  }
  if (version < 1 || version > 3) {
    throw new SyntaxError(`Cannot read npy: it is version ${version}; versions 1 to 3 are known`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = version === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
  if (start <= Math.min(bytes.length, 0xffff)) return start;
  throw new SyntaxError(`Cannot read npy: the header should end at byte ${start}, found ${bytes.length} bytes`);
}

function swapBytes(buffer: ArrayBuffer, width: number): void {
  const bytes = Buffer.from(buffer);
  if (width === 2) bytes.swap16();
  if (width === 4) bytes.swap32();
  if (width === 8) bytes.swap64();
}

/** Moves elements, as bits, from "first dimension fastest" to "last dimension fastest". */
function toRowMajor(buffer: ArrayBuffer, width: number, shape: readonly number[]): ArrayBuffer {
  const words = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array }[width] as typeof Uint8Array;
  const from = new words(buffer), to = new words(from.length);
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  for (let i = 0, at = 0; i < to.length; i++) {
    to[i] = from[at]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      at -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return to.buffer;
}
