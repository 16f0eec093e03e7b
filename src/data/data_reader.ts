import type { Value } from "../module/value.ts";
import { Module } from "../module/module.ts";
import { register } from "../module/registry.ts";
import { columnsOf, isRows } from "./reading/columns.ts";
import { type Contents, describe, isArrays, join } from "./reading/contents.ts";
import { filesLike, isFileAt } from "./reading/glob.ts";
import { locate, type Location } from "./reading/location.ts";
import { readFile } from "./reading/read_file.ts";
import {
  type Listed,
  mostBytes,
  type ReadOptions,
  readOptions,
  type StreamOptions,
  streamOptions,
} from "./reading/read_options.ts";
import { streamFile } from "./reading/stream_file.ts";

/**
 * Reads data by the codec of their extension, or of how they begin: `.npz`, `.safetensors`, `.h5` and `.lmdb` give
 * NDArrays by name, `.npy` and images one NDArray, `.csv`, `.parquet`, `.arrow` and TFRecords of examples a list of rows,
 * `.json` and `.yaml` a value.
 *
 * Where from: a path; a `file:` address; an `http:` or `https:` address, of which only what is needed is fetched where
 * the server gives parts (a login may stand in it, best as `${NAME}`, a variable of the environment; no message shows it);
 * or a pattern, `shards/*.tfrecord`, `cats/*.png`, whose files come in natural order.
 *
 * @example
 * ```ts
 * import { DataReader } from "ptutils";
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/a.json`, '[{ "x": 1 }, { "x": 2 }]');
 * await Deno.writeTextFile(`${folder}/b.json`, '[{ "x": 3 }]');
 * const reader = new DataReader();
 * const { x } = await reader.read(`${folder}/*.json`, { as: "columns" });
 * if (`${x.data}` !== "1,2,3") throw new Error("unexpected");
 * ```
 */
export class DataReader extends Module {
  /**
   * What a file holds, or what files do. Files of a pattern that are alike (tables with the same columns, NDArrays or
   * records of them with equal items) are one after the other, along the first dimension; others, and images always, are
   * a record by path.
   *
   * @throws {TypeError} an unknown extension; @throws {SyntaxError} a damaged file, or one of another format than its
   * name says; @throws {RangeError} no file fits, no array has a name, more than `maxBytes`; @throws {Error} it can't be
   * opened
   */
  // deno-lint-ignore no-explicit-any
  async read(where: string | URL, given: ReadOptions = {}): Promise<any> {
    const options = readOptions(given), { only, maxBytes = mostBytes, as } = options;
    const location = await exactly(locate(where));
    const found = location.kind === "glob"
      ? joined(await readAll(await filesLike(location.pattern), options), location.pattern, options)
      : await readFile(location, { only, maxBytes, columns: as === "columns" });
    return found.columns ? found.value : arranged(found.value, String(where), as);
  }

  // deno-lint-ignore no-explicit-any
  override invoke(where: string | URL, options: ReadOptions = {}): Promise<any> {
    return this.read(where, options);
  }

  /**
   * The same in blocks, from front to back, in bounded memory: lists of rows, NDArrays, or records of NDArrays cut along
   * their first dimension. Files of a pattern follow one another; no block is of two of them.
   *
   * @throws {RangeError} as `read`, and a file larger than `maxBytes` of a format that can't be read in parts
   * @throws {TypeError} as `read`, and a file that has no rows
   */
  // deno-lint-ignore no-explicit-any
  async *stream(where: string | URL, options: StreamOptions = {}): AsyncGenerator<any> {
    const checked = streamOptions(options);
    for (const location of await locations(where)) yield* streamFile(location, checked);
  }
}

/** Every single place that a text or URL means. */
export async function locations(where: string | URL): Promise<Exclude<Location, { kind: "glob" }>[]> {
  const location = await exactly(locate(where));
  if (location.kind !== "glob") return [location];
  return (await filesLike(location.pattern)).map((path) => ({ kind: "file", path }));
}

/** A pattern that is a file's very name is that file. */
async function exactly(location: Location): Promise<Location> {
  const isFile = location.kind === "glob" && await isFileAt(location.pattern);
  return isFile ? { kind: "file", path: location.pattern } : location;
}

async function readAll(
  paths: readonly string[],
  { only, maxBytes = mostBytes, as }: Listed<ReadOptions>,
): Promise<Contents[]> {
  const files: Contents[] = [];
  let left = maxBytes;
  for (const path of paths) {
    const { bytes, ...file } = await readFile({ kind: "file", path }, {
      only,
      maxBytes: left,
      columns: as === "columns",
    });
    left = Math.max(0, left - bytes);
    files.push(file);
  }
  return files;
}

const isImage = ({ name }: Contents): boolean => /\.(png|jpe?g)$/i.test(name);

function joined(files: readonly Contents[], pattern: string, { join: wanted }: ReadOptions): Omit<Contents, "name"> {
  const result = wanted === false
    ? { reason: "" }
    : wanted === undefined && files.some(isImage)
    ? { reason: "images" }
    : join(files);
  if ("value" in result) return { value: result.value, columns: files.some(({ columns }) => columns) };
  if (wanted !== true) return { value: Object.fromEntries(files.map(({ name, value }) => [name, value])) };
  throw new TypeError(
    `Cannot join the files of "${pattern}": ${result.reason}; make them alike, or read them with { join: false }`,
  );
}

function arranged(value: Value, name: string, as: ReadOptions["as"]): Value {
  if (as === undefined || (as === "rows" && isRows(value)) || (as === "columns" && isArrays(value))) return value;
  if (as === "columns" && isRows(value)) return columnsOf(value) as Value;
  throw new TypeError(`Cannot read "${name}" as ${as}: it holds ${describe(value)}, no table; leave out "as"`);
}

register(DataReader);
