import type { ByteSource } from "../module/byte_source.ts";
import type { Archive, Codec } from "../module/codec.ts";
import { NDArray } from "../module/ndarray.ts";
import { archiveOf, type Arrays, toArrays } from "./arrays.ts";
import { keyOf } from "./lmdb/keys.ts";
import { maxKey } from "./lmdb/layout.ts";
import { type Place, readPlaces } from "./lmdb/reader.ts";
import { writeFile } from "./lmdb/writer.ts";
import * as npy from "./npy.ts";
import { readBytes, readSource } from "./reading.ts";
import { brief } from "./values.ts";

/** Files of so small values are read at once: to go to each of them takes longer than to copy it. */
const small = 2 ** 18;

/**
 * NDArrays by name as an LMDB database of one file (in Python `lmdb.open(path, subdir=False)`): the keys are the names in
 * UTF-8, the values `.npy` files. Any other value is read as a `uint8` NDArray of its bytes, and a named database's values
 * under `database/key`. What it writes LMDB can go on writing to.
 *
 * @example
 * ```ts
 * import { codecFor, NDArray } from "ptutils";
 * const lmdb = await codecFor("weights.lmdb");
 * const bytes = await lmdb.stringify({ kernel: new NDArray("float32", [2], [1, 2]) });
 * const read = await lmdb.parse(bytes) as { kernel: NDArray };
 * if (read.kernel.data[1] !== 2) throw new Error("unexpected");
 * ```
 */
export const lmdb: { parse: typeof parse; stringify(value: unknown): Uint8Array } & Codec = {
  holds: "arrays",
  parse,
  stringify: (value) => stringify(toArrays(value, "lmdb")),
  read,
  open,
};

/** The arrays in an LMDB file, by key. @throws {SyntaxError} a damaged file, a value that begins as `.npy` and is none */
export function parse(bytes: Uint8Array): Arrays {
  const places = readBytes(bytes, readPlaces(bytes.length));
  return Object.fromEntries([...places].map(([name, { from, to }]) => [name, toArray(bytes.slice(from, to), name)]));
}

/** The arrays as an LMDB file. @throws {TypeError} a name of over 511 bytes, or that is no Unicode */
export function stringify(arrays: Arrays): Uint8Array {
  return writeFile(
    Object.entries(arrays).map(([name, array]) => {
      const key = keyOf(name);
      if (key.length <= maxKey && name.isWellFormed()) return [key, npy.stringify(array)];
      const what = key.length > maxKey ? `takes ${key.length} bytes, a key has at most ${maxKey}` : "is no Unicode";
      throw new TypeError(`Cannot write lmdb: the name ${JSON.stringify(name.slice(0, 80))} ${what}; rename it`);
    }),
  );
}

/** The same as {@linkcode parse}; long values are read to where they stay. */
async function read(source: ByteSource): Promise<Arrays> {
  const places = await readSource(source, readPlaces(source.size)), arrays: [string, NDArray][] = [];
  if (source.size < small * places.size) return parse(await source.read(0, source.size));
  for (const [name, place] of places) arrays.push([name, await readArray(source, place, name)]);
  return Object.fromEntries(arrays);
}

/** The arrays one by one: only the pages with the keys are read before. */
async function open(source: ByteSource): Promise<Archive> {
  const places = await readSource(source, readPlaces(source.size));
  return archiveOf(places, "lmdb", (place, name) => readArray(source, place, name));
}

async function readArray(source: ByteSource, { from, to }: Place, name: string): Promise<NDArray> {
  const read = (start: number, end: number) => source.read(from + start, Math.min(to, from + end));
  if (!isNpy(await read(0, npy.magic.length))) return new NDArray("uint8", [to - from], await read(0, to - from));
  const value = { name: source.name, size: to - from, read, close: () => Promise.resolve() };
  return await npy.npy.read!(value).catch((cause) => {
    throw unreadable(name, cause);
  }) as NDArray;
}

function toArray(bytes: Uint8Array, name: string): NDArray {
  if (!isNpy(bytes)) return new NDArray("uint8", [bytes.length], bytes);
  try {
    return npy.parse(bytes);
  } catch (cause) {
    throw unreadable(name, cause as Error);
  }
}

const isNpy = (bytes: Uint8Array): boolean => npy.magic.every((byte, i) => bytes[i] === byte);

const unreadable = (name: string, cause: Error) =>
  new SyntaxError(
    `Cannot read lmdb: the value of "${brief(name)}" can't be read: ${
      cause.message.replace(/^Cannot read npy: /, "")
    }, or name the others in "only"`,
    { cause },
  );
