import type { Archive } from "../module/codec.ts";
import { freshBytes } from "../module/fresh_bytes.ts";
import { arrayTypes, type DType, isNDArray, NDArray, type TypedArray } from "../module/ndarray.ts";
import { isRecord } from "../module/value.ts";
import { brief, nameOf } from "./values.ts";

/** Named arrays. */
export type Arrays = Record<string, NDArray>;

/** A value as named arrays. @throws {TypeError} one that is anything else, naming the key */
export function toArrays(value: unknown, format: string): Arrays {
  const mend = "it holds a record of NDArrays by name; save other values as .json or .yaml";
  if (!isRecord(value)) throw new TypeError(`Cannot write ${format}: found ${nameOf(value)}; ${mend}`);
  for (const [key, item] of Object.entries(value)) {
    if (!isNDArray(item)) throw new TypeError(`Cannot write ${format}: "${key}" is ${nameOf(item)}; ${mend}`);
  }
  return value as Arrays;
}

/** Whether this is a shape: whole numbers, none negative, in at most the 64 dimensions that numpy has. */
export const isShape = (shape: unknown): shape is number[] =>
  Array.isArray(shape) && shape.length <= 64 && shape.every((length) => Number.isSafeInteger(length) && length >= 0);

/** The bytes in a buffer of their own: aligned for any type, and not keeping the file they came in alive. */
export function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const own = freshBytes(bytes.length);
  own.set(bytes);
  return own.buffer;
}

/** The same for bytes that nobody else has: a copy only where their buffer has more in it. */
export function givenBuffer(bytes: Uint8Array): ArrayBuffer {
  const isWhole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer;
  return isWhole ? bytes.buffer as ArrayBuffer : ownBuffer(bytes);
}

/** An NDArray over little-endian elements in a buffer of its own; any non-zero byte of a `bool` is true. */
export function fromBuffer(dtype: DType, shape: readonly number[], buffer: ArrayBuffer): NDArray {
  const data: TypedArray = new arrayTypes[dtype](buffer);
  if (dtype === "bool") {
    for (let i = 0; i < data.length; i++) if (data[i]! > 1) data[i] = 1;
  }
  return new NDArray(dtype, shape, data);
}

/** An archive of the arrays that stand in these places, each read from its place when asked for. */
export function archiveOf<P>(
  places: ReadonlyMap<string, P>,
  format: string,
  read: (place: P, name: string) => Promise<NDArray>,
): Archive {
  return {
    names: [...places.keys()],
    read: async (name) => {
      if (places.has(name)) return await read(places.get(name)!, name);
      const known = [...places.keys()].slice(0, 10).map(brief).join('", "');
      throw new RangeError(`Cannot read ${format}: it has no array "${brief(name)}"; found are "${known}"`);
    },
    close: () => {},
  };
}
