import "../../codec/codecs.ts";
import { aboutFile } from "../../module/about_file.ts";
import type { ByteSource } from "../../module/byte_source.ts";
import { type Codec, codecFor, headLength } from "../../module/codec.ts";
import { unpack } from "../../module/file.ts";
import type { NDArray } from "../../module/ndarray.ts";
import { plainTree } from "../../module/state.ts";
import { isRecord, type Value } from "../../module/value.ts";
import { checkNames, type Contents, pick } from "./contents.ts";
import { nameOfLocation } from "./location.ts";
import { openData, type Single } from "./open_source.ts";

/** What is read of a file, and how much of it at most. */
export interface FileOptions {
  readonly only?: readonly string[];
  readonly maxBytes: number;
  /** Whether a table is given by its columns, where its codec can. */
  readonly columns?: boolean;
}

/** What a file, or a resource behind an address, holds. `bytes` is how many of them were there. */
export async function readFile(location: Single, options: FileOptions): Promise<Contents & { bytes: number }> {
  const { source, format } = await openData(location, options.maxBytes, options.maxBytes);
  const name = nameOfLocation(location);
  try {
    return await aboutFile(name, async () => {
      const codec = await codecFor(format, await source.read(0, headLength));
      if (options.columns && codec.columns !== undefined) return await readColumns(source, codec, name, options);
      const value = await readFrom(source, codec, name, options);
      return { name, value, bytes: source.size };
    });
  } finally {
    await source.close();
  }
}

async function readColumns(source: ByteSource, codec: Codec, name: string, { only, maxBytes }: FileOptions) {
  if (source.size > maxBytes) throw tooLarge(name, source.size, maxBytes, "stream it");
  const table = await codec.columns!(source, { only });
  if (only !== undefined) checkNames(name, only, Object.keys(table), "column");
  return { name, value: table as Value, columns: true, bytes: source.size };
}

async function readFrom(source: ByteSource, codec: Codec, name: string, options: FileOptions): Promise<Value> {
  const { only, maxBytes } = options;
  if (only !== undefined && codec.open !== undefined && !mayHoldRows(name)) {
    return await readSome(source, codec, name, only);
  }
  if (source.size > maxBytes) throw tooLarge(name, source.size, maxBytes, "stream it");
  const value = await (codec.read?.(source) ?? codec.parse(await source.read(0, source.size)));
  const isArchive = codec.holds === "arrays" && isRecord(value);
  return pick({ name, value: plainTree(isArchive ? unpack(value as Record<string, NDArray>) : value) }, only);
}

/** Whether a file of arrays may as well be one of rows, which are given as rows then. */
const mayHoldRows = (name: string): boolean => /\.tfrecords?(\.gz)?$/i.test(name);

/** Some arrays, without the rest of the file. */
async function readSome(source: ByteSource, codec: Codec, name: string, only: readonly string[]): Promise<Value> {
  const archive = await codec.open!(source);
  try {
    checkNames(name, only, archive.names, "array");
    const arrays: [string, NDArray][] = [];
    for (const key of only) arrays.push([key, await archive.read(key)]);
    return Object.fromEntries(arrays);
  } finally {
    archive.close();
  }
}

/** The error for more bytes than somebody wants. */
export const tooLarge = (name: string, size: number, maxBytes: number, instead: string): RangeError =>
  new RangeError(`Cannot read "${name}": it has ${size} bytes, more than ${maxBytes}; raise maxBytes, or ${instead}`);
