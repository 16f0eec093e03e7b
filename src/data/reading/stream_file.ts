import "../../codec/codecs.ts";
import { aboutFile, aboutFileEach } from "../../module/about_file.ts";
import type { ByteSource } from "../../module/byte_source.ts";
import { type Codec, codecFor, headLength } from "../../module/codec.ts";
import { isNDArray } from "../../module/ndarray.ts";
import { mapRecord, type Value } from "../../module/value.ts";
import { isRows } from "./columns.ts";
import { checkNames, describe, isArrays, noNames, pick, slice } from "./contents.ts";
import { nameOfLocation } from "./location.ts";
import { openData, type Single } from "./open_source.ts";
import { readFile, tooLarge } from "./read_file.ts";
import { type Listed, mostBytesAtOnce, type StreamOptions } from "./read_options.ts";

/** Most bytes that a gzipped file may unpack to: they are kept in a temporary file. 64 GiB. */
const mostUnpacked = 2 ** 36;
/** Rows a block of a file that was read whole. */
const usualRows = 4096;

/**
 * A file's blocks from front to back: lists of rows, NDArrays, or records of NDArrays. One whose format can't be read in
 * parts is read whole, and cut, up to `maxBytes`.
 *
 * @throws {TypeError} a file that has no rows; @throws {RangeError} one too large to be read whole
 */
export async function* streamFile(location: Single, options: Listed<StreamOptions>): AsyncGenerator<Value> {
  const { rows, only, maxBytes = mostBytesAtOnce } = options, name = nameOfLocation(location);
  const { source, format } = await openData(location, maxBytes, mostUnpacked);
  try {
    const codec = await codecFor(format, await source.read(0, headLength));
    if (codec.blocks !== undefined) {
      await aboutFile(name, () => checkOnly(source, codec, name, only));
      const blocks = aboutFileEach(name, codec.blocks(source, { rows, only }));
      for await (const value of blocks) yield pick({ name, value }, only);
      return;
    }
    const some = only !== undefined && codec.open !== undefined; // arrays one by one, without the rest of the file
    if (source.size > maxBytes && !some) {
      throw tooLarge(name, source.size, maxBytes, "save it as .npz, .parquet or .tfrecords, which are read in parts");
    }
  } finally {
    await source.close();
  }
  yield* cut((await readFile(location, { only, maxBytes })).value, name, rows);
}

/** @throws {RangeError} there is no array of a name; @throws {TypeError} the file's only one has none */
async function checkOnly(source: ByteSource, codec: Codec, name: string, only: readonly string[] | undefined) {
  if (only === undefined) return;
  if (codec.holds === "array") throw noNames(name, only, "one array");
  if (codec.open === undefined) return;
  const archive = await codec.open(source);
  archive.close();
  checkNames(name, only, archive.names, "array");
}

function* cut(value: Value, name: string, rows: number = usualRows): Generator<Value> {
  const length = lengthOf(value);
  if (length === undefined) {
    throw new TypeError(
      `Cannot read "${name}" in blocks: it holds ${
        describe(value)
      }; rows, or arrays of one length, can be: read it whole`,
    );
  }
  for (let from = 0; from < length; from += rows) {
    if (isNDArray(value)) yield slice(value, from, from + rows);
    else if (isRows(value)) yield value.slice(from, from + rows);
    else yield mapRecord(value as Record<string, never>, (array) => slice(array, from, from + rows));
  }
}

/** How many rows or items there are; undefined where that can't be said. */
function lengthOf(value: Value): number | undefined {
  if (isNDArray(value)) return value.shape[0];
  if (isRows(value)) return value.length;
  if (!isArrays(value)) return undefined;
  const lengths = new Set(Object.values(value).map(({ shape }) => shape[0]));
  return lengths.size === 1 ? [...lengths][0] : undefined;
}
