import type { ByteSource } from "../module/byte_source.ts";
import type { Codec } from "../module/codec.ts";
import { isNDArray, type NDArray } from "../module/ndarray.ts";
import { type ArrayReader, arrayReader, cutTogether } from "./array_blocks.ts";
import { arrayFrom, bytesOf } from "./array_bytes.ts";
import { forwardOf, joined } from "./forward.ts";
import { formatHeader, type NpyHeader, parseHeader } from "./npy_header.ts";
import { readBytes, type Reading, readSource, viewOf } from "./reading.ts";
import { nameOf } from "./values.ts";

/** What every `.npy` file begins with. */
export const magic = [0x93, ..."NUMPY"].map((c) => typeof c === "string" ? c.charCodeAt(0) : c);

/** One NDArray as numpy's `.npy`. Reads versions 1 to 3, either byte order and either memory order. */
export const npy: { parse: typeof parse; stringify(value: unknown): Uint8Array } & Codec = {
  holds: "array",
  parse,
  stringify: (value) => joined(parts(toArray(value))),
  read: async (source) => await (await openReader(source)).next(Infinity),
  parts: (value) => parts(toArray(value)),
  blocks: async function* (source, options) {
    const reader = await openReader(source);
    for await (const block of cutTogether(new Map([["array", reader]]), "npy", options)) yield block.array!;
  },
};

/**
 * The array in a `.npy` file.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @throws {SyntaxError} bytes that are not one whole `.npy` file, and types that an NDArray lacks
 */
export function parse(bytes: Uint8Array): NDArray {
  const start = readBytes(bytes, readStart(bytes.length));
  return arrayFrom(bytes.subarray(start.at), start);
}

/** The array as a `.npy` file. */
export const stringify = (array: NDArray): Uint8Array => joined(parts(array));

/** The array as a `.npy` file of version 1, its data aligned to 64 bytes: the header, and the array's own bytes. */
export function parts(array: NDArray): [header: Uint8Array, data: Uint8Array] {
  const text = formatHeader(array.dtype, array.shape);
  const header = new Uint8Array(Math.ceil((10 + text.length + 1) / 64) * 64), rest = header.length - 10;
  header.set([...magic, 1, 0, rest & 255, rest >> 8]);
  header.set(new TextEncoder().encode(text.padEnd(rest - 1) + "\n"), 10);
  return [header, array.bytes];
}

/** A file's array, from front to back. */
async function openReader(source: ByteSource): Promise<ArrayReader> {
  const start = await readSource(source, readStart(source.size));
  return arrayReader(start, forwardOf(source, start.at), "npy");
}

function toArray(value: unknown): NDArray {
  if (isNDArray(value)) return value;
  throw new TypeError(
    `Cannot write npy: found ${nameOf(value)}; it holds one NDArray: save several as .npz or .safetensors`,
  );
}

/** The header of a file of so many bytes, checked against them, and where the data begin. */
export function* readStart(size: number): Reading<NpyHeader & { at: number }> {
  const head = yield [0, 12];
  const at = dataStart(head, size), version = head[6]!;
  const text = joined([head.subarray(version === 1 ? 10 : 12), yield [12, at]]);
  const header = parseHeader(new TextDecoder(version === 3 ? "utf-8" : "latin1").decode(text));
  const [expected, found] = [bytesOf(header), size - at];
  if (expected === found) return { ...header, at };
  throw new SyntaxError(
    `Cannot read npy: ${header.dtype} of shape [${header.shape}] takes ${expected} bytes, found ${found}; ` +
      "the file is damaged",
  );
}

/** Where the header ends, after checking what comes before it. */
function dataStart(head: Uint8Array, size: number): number {
  const version = head[6]!;
  if (head.length < 12 || !magic.every((byte, i) => head[i] === byte)) {
    throw new SyntaxError("Cannot read npy: the file does not begin as a .npy file; save it with numpy.save");
  }
  if (version < 1 || version > 3) {
    throw new SyntaxError(`Cannot read npy: it is version ${version}; versions 1 to 3 are known`);
  }
  const start = version === 1 ? 10 + viewOf(head).getUint16(8, true) : 12 + viewOf(head).getUint32(8, true);
  if (start >= 12 && start <= Math.min(size, 0xffff)) return start;
  throw new SyntaxError(`Cannot read npy: the header should end at byte ${start}, found ${size} bytes`);
}
