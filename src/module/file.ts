import { readFile } from "node:fs/promises";
import { atomicWrite } from "./atomic_write.ts";
import { codecFor } from "./codec.ts";
import { isNDArray, NDArray } from "./ndarray.ts";
import { decodeValue, encodeValue, isRecord, type Json, type Value } from "./value.ts";

/** In an archive of arrays, the name under which everything that is not an array is kept, as JSON bytes. */
const rest = "__value__";

/** Reads a file by the codec of its extension. Archives of arrays that we wrote come back as the value they hold. */
export async function readValue(path: string | URL): Promise<Value> {
  const codec = await codecFor(path);
  const value = codec.parse(new Uint8Array(await readFile(path)));
  return codec.holds === "arrays" ? unpack(value as Record<string, NDArray>) : value;
}

/** Writes a value by the codec of the path's extension, whole or not at all. */
export async function writeValue(path: string, value: Value): Promise<void> {
  const codec = await codecFor(path);
  await atomicWrite(path, codec.stringify(codec.holds === "arrays" ? pack(value) : value));
}

/** A value as named arrays: its NDArrays under their paths, and what remains as JSON beside them. */
function pack(value: Value): Record<string, NDArray> {
  const arrays: Record<string, NDArray> = {};
  const collect = (node: Value, path: string): Value => {
    if (isNDArray(node)) {
      const name = path in arrays || path === rest || path === "" ? `${path}#${Object.keys(arrays).length}` : path;
      arrays[name] = node;
      return { "$array": name };
    }
    if (Array.isArray(node)) return node.map((item, i) => collect(item, `${path}${path && "."}${i}`));
    if (!isRecord(node)) return node;
    return Object.fromEntries(
      Object.entries(node).map(([key, item]) => [key, collect(item as Value, `${path}${path && "."}${key}`)]),
    );
  };
  const json = new TextEncoder().encode(JSON.stringify(encodeValue(collect(value, ""))));
  return { ...arrays, [rest]: new NDArray("uint8", [json.length], json) };
}

function unpack(archive: Record<string, NDArray>): Value {
  const { [rest]: json, ...arrays } = archive;
  if (json === undefined) return arrays;
  const restore = (node: Value): Value => {
    if (Array.isArray(node)) return node.map(restore);
    if (!isRecord(node)) return node;
    if (typeof node["$array"] === "string" && Object.keys(node).length === 1) return found(arrays, node["$array"]);
    return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, restore(item as Value)]));
  };
  return restore(decodeValue(JSON.parse(new TextDecoder().decode(json.bytes)) as Json));
}

function found(arrays: Record<string, NDArray>, name: string): NDArray {
  const array = arrays[name];
  if (array === undefined) throw new SyntaxError(`Cannot read the archive: its array "${name}" is missing`);
  return array;
}
