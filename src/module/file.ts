import { aboutFile } from "./about_file.ts";
import { atomicWrite } from "./atomic_write.ts";
import { openFile } from "./byte_source.ts";
import { codecFor, extensionOf, headLength } from "./codec.ts";
import { isNDArray, NDArray } from "./ndarray.ts";
import { decodeValue, encodeValue, isRecord, type Json, type Value } from "./value.ts";

/** In an archive of arrays, the name under which everything that is not an array is kept, as JSON bytes. */
export const rest = "__value__";

/**
 * Reads a file by the codec of its extension, or where that is unknown by how the file begins. Archives of arrays that
 * we wrote come back as the value they hold.
 *
 * @throws {SyntaxError} a damaged file, by its name; @throws {TypeError} an unknown extension
 */
export function readValue(path: string | URL): Promise<Value> {
  return readAs(path, (value) => value);
}

/** Makes something of what {@linkcode readValue} gives; an error of that names the file, too. */
export function readAs<T>(path: string | URL, make: (value: Value) => T): Promise<T> {
  return aboutFile(path, async () => {
    const source = await openFile(path);
    try {
      const codec = await codecFor(path, await source.read(0, headLength));
      const value = await (codec.read?.(source) ?? codec.parse(await source.read(0, source.size)));
      return make(codec.holds === "arrays" && isRecord(value) ? unpack(value as Record<string, NDArray>) : value);
    } finally {
      await source.close();
    }
  });
}

/** How a value is written. */
export interface WriteOptions {
  /** What it is, where it is no table and no array: a format that holds nothing else refuses it by that name. */
  readonly what?: string;
  /** The key of the part from which on its arrays are named, where their whole path says no more. */
  readonly root?: string;
}

/**
 * Writes a value by the codec of the path's extension, whole or not at all. Its arrays are to stay as they are until it
 * is written.
 *
 * @throws {TypeError} what the format can't hold, before anything is written
 */
export async function writeValue(path: string, value: Value, { what, root }: WriteOptions = {}): Promise<void> {
  const codec = await codecFor(path);
  if (what !== undefined && (codec.holds === "rows" || codec.holds === "array")) {
    const holds = codec.holds === "rows" ? "a table" : "one array";
    throw new TypeError(
      `Cannot write ${extensionOf(path)}: ${what} is nested, it holds ${holds}; write it as .json, .yaml, .npz or .h5`,
    );
  }
  const held = codec.holds === "arrays" ? pack(value, codec.separator, root) : value;
  await atomicWrite(path, await (codec.parts?.(held) ?? codec.stringify(held)));
}

/**
 * A value as named arrays, and what remains as JSON beside them.
 *
 * @param separator what stands between the names of an array's path
 * @param root a key of the value that is left out of these names
 */
export function pack(value: Value, separator = ".", root?: string): Record<string, NDArray> {
  const names = new Map<NDArray, string>(), taken = new Set([rest, "", "__proto__"]);
  const below = (path: string, key: string | number) => path === "" ? `${key}` : `${path}${separator}${key}`;
  const isRoot = (node: Value, key: string) => node === value && key === root;
  const collect = (node: Value, path: string): void => {
    if (isNDArray(node) && !names.has(node)) {
      const name = taken.has(path) ? `${path}#${names.size}` : path;
      taken.add(name);
      names.set(node, name);
    } else if (Array.isArray(node)) node.forEach((item, i) => collect(item, below(path, i)));
    else if (isRecord(node)) {
      for (const [key, item] of Object.entries(node)) {
        collect(item as Value, isRoot(node, key) ? path : below(path, key));
      }
    }
  };
  collect(value, "");
  const json = new TextEncoder().encode(
    JSON.stringify(encodeValue(value, (array) => ({ $ndarray: names.get(array)! }))),
  );
  const arrays = [...names].map(([array, name]) => [name, array]);
  return { ...Object.fromEntries(arrays), [rest]: new NDArray("uint8", [json.length], json) };
}

/** The value that {@linkcode pack} packed; of other arrays, the arrays. @throws {SyntaxError} one that is missing */
export function unpack(archive: Record<string, NDArray>): Value {
  const { [rest]: json, ...arrays } = archive;
  if (json === undefined) return arrays;
  return decodeValue(JSON.parse(new TextDecoder().decode(json.bytes)) as Json, (name) => found(arrays, name as string));
}

function found(arrays: Record<string, NDArray>, name: string): NDArray {
  if (Object.hasOwn(arrays, name)) return arrays[name]!;
  throw new SyntaxError(`Cannot read an archive: its array "${name}" is missing`);
}
