import { aboutFile } from "./about_file.ts";
import { openFile } from "./byte_source.ts";
import { codecFor, headLength } from "./codec.ts";
import { rest, unpack } from "./file.ts";
import { NDArray } from "./ndarray.ts";
import { isRecord, type Value } from "./value.ts";

/** A file's value; where the format allows it, other arrays stand in for its arrays until those are read. */
export interface LazyValue {
  readonly value: Value;
  /** The array that one in the value stands for. */
  read(array: NDArray): Promise<NDArray>;
}

/**
 * Works on a file's value without reading its arrays: those of .npz, .safetensors, .h5, ... are read when asked for.
 * Other files are read whole.
 */
export function withLazyValue<T>(path: string | URL, work: (lazy: LazyValue) => Promise<T>): Promise<T> {
  return aboutFile(path, () => onLazyValue(path, work));
}

async function onLazyValue<T>(path: string | URL, work: (lazy: LazyValue) => Promise<T>): Promise<T> {
  const source = await openFile(path);
  try {
    const codec = await codecFor(path, await source.read(0, headLength));
    if (codec.open === undefined) {
      const value = await (codec.read?.(source) ?? codec.parse(await source.read(0, source.size)));
      const isArchive = codec.holds === "arrays" && isRecord(value);
      return await work({
        value: isArchive ? unpack(value as Record<string, NDArray>) : value,
        read: async (array) => await array,
      });
    }
    const archive = await codec.open(source);
    try {
      const standsFor = new Map<NDArray, string>(), arrays: [string, NDArray][] = [];
      for (const name of archive.names) {
        const array = name === rest ? await archive.read(name) : new NDArray("uint8", [0]);
        if (name !== rest) standsFor.set(array, name);
        arrays.push([name, array]);
      }
      const read = async (array: NDArray) => standsFor.has(array) ? await archive.read(standsFor.get(array)!) : array;
      return await work({ value: unpack(Object.fromEntries(arrays)), read });
    } finally {
      archive.close();
    }
  } finally {
    await source.close();
  }
}
