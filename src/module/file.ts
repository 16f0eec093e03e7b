import { atomicWrite } from "./atomic_write.ts";
import { openFile } from "./byte_source.ts";
import { codecFor, headLength } from "./codec.ts";
import { isNDArray, NDArray } from "./ndarray.ts";
import { join } from "./path.ts";
import { decodeValue, encodeValue, isRecord, type Json, type Value } from "./value.ts";

/** In an archive of arrays, the name under which everything that is not an array is kept, as JSON bytes. */
const rest = "__value__";

/**
 * Reads a file by the codec of its extension, or where that is unknown by how the file begins. Archives of arrays that
 * we wrote come back as the value they hold.
 */
export async function readValue(path: string | URL): Promise<Value> {
  const source = await openFile(path);
  try {
    const codec = await codecFor(path, await source.read(0, headLength));
    const value = await codec.parse(await source.read(0, source.size));
    return codec.holds === "arrays" && isRecord(value) ? unpack(value as Record<string, NDArray>) : value;
  } finally {
    await source.close();
  }
}

/** Writes a value by the codec of the path's extension, whole or not at all. */
export async function writeValue(path: string, value: Value): Promise<void> {
  const codec = await codecFor(path);
  await atomicWrite(path, await codec.stringify(codec.holds === "arrays" ? pack(value) : value));
}

/** A value as named arrays (its NDArrays under their paths), and what remains as JSON beside them. */
export function pack(value: Value): Record<string, NDArray> {
  const names = new Map<NDArray, string>(), taken = new Set([rest, "", "__proto__"]);
  const collect = (node: Value, path: string): void => {
    if (isNDArray(node) && !names.has(node)) {
      const name = taken.has(path) ? `${path}#${names.size}` : path;
      taken.add(name);
      names.set(node, name);
    } else if (Array.isArray(node)) node.forEach((item, i) => collect(item, join(path, i)));
    else if (isRecord(node)) {
      for (const [key, item] of Object.entries(node)) {
        collect(item as Value, join(path, key));
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
  throw new SyntaxError(`Cannot read the archive: its array "${name}" is missing`);
}
