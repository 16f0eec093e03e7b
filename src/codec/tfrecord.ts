import type { ByteSource } from "../module/byte_source.ts";
import type { Archive, BlockOptions, Codec } from "../module/codec.ts";
import { isNDArray, NDArray } from "../module/ndarray.ts";
import { isRecord, type Value } from "../module/value.ts";
import { rowsOf } from "./array_blocks.ts";
import { archiveOf, toArrays } from "./arrays.ts";
import { fromExample, fromExamples, toExamples } from "./tfrecord/array_examples.ts";
import { ColumnReader } from "./tfrecord/column_reader.ts";
import { ExampleReader, type Row } from "./tfrecord/example_reader.ts";
import { writeExamples } from "./tfrecord/example_writer.ts";
import { type Frame, frameChunks, framesIn, unreadable, writeFrames } from "./tfrecord/frames.ts";
import { NoExample } from "./tfrecord/wire.ts";
import type { Columns } from "./table.ts";
import { brief, nameOf } from "./values.ts";

/** How {@linkcode parse} and {@linkcode blocks} read. */
export interface TfrecordOptions {
  /** The features whose bytes are given as text (UTF-8), by name; `true` for all. None by default. */
  readonly text?: true | readonly string[];
}

/**
 * How much of records, and how many, make a block when nobody says how many rows: few, for the many small arrays of a
 * larger one outlive what is collected often.
 */
const blockBytes = 8 * 2 ** 20, blockRows = 512;

/**
 * TensorFlow's TFRecord files. Named NDArrays are written as one tf.train.Example each (`name`, `dtype`, `shape`, `data`);
 * a list of records, as one Example each; a list of `uint8` NDArrays, as records of just these bytes. Checksums are checked.
 *
 * Examples are read as rows: an int64 list as an `int64` NDArray, a float list as a `float32` one, a bytes list as a list
 * of `uint8` ones, a feature without a list as null; rows of these are written as they were. Files where some record is no
 * Example are read as a list of `uint8` NDArrays.
 *
 * @example
 * ```ts
 * import { codecFor, NDArray } from "ptutils";
 * const tfrecord = await codecFor("train.tfrecord");
 * const bytes = await tfrecord.stringify([{ label: new NDArray("int64", [1], [7n]), name: ["seven"] }]);
 * const [row] = await tfrecord.parse(bytes) as [{ label: NDArray; name: NDArray[] }];
 * if (row.label.data[0] !== 7n || row.name[0]!.size !== 5) throw new Error("unexpected");
 * ```
 */
export const tfrecord: { parse: typeof parse; blocks: typeof blocks; stringify(value: unknown): Uint8Array } & Codec = {
  holds: "arrays",
  parse,
  stringify: (value) => {
    if (!Array.isArray(value)) return writeExamples(toExamples(toArrays(value, "tfrecord")));
    if (value.every(isRecord)) return writeExamples(value as Row[]);
    if (value.every((item) => isNDArray(item) && item.dtype === "uint8")) return writeRecords(value);
    const other = value.find((item) => !isRecord(item));
    throw new TypeError(`Cannot write tfrecord: a list with ${nameOf(other)}; it holds records, or uint8 NDArrays`);
  },
  open,
  columns: readColumns,
  blocks,
};

/**
 * The arrays in a TFRecord file that we wrote; of any other, the rows or the records' bytes.
 *
 * @throws {SyntaxError} a damaged file
 */
export function parse(bytes: Uint8Array, options: TfrecordOptions = {}): Value {
  const frames = [...framesIn(bytes)];
  try {
    const reader = readerOf(options);
    const rows = frames.map(({ from, to }) => reader.read(bytes, from, to));
    return fromExamples(rows) ?? rows;
  } catch (error) {
    if (!(error instanceof NoExample)) throw error;
    return frames.map((frame) => bytesIn(bytes, frame));
  }
}

/**
 * The rows of a file, some at a time, in bounded memory. By its first record a file is one of Examples or of bytes.
 *
 * @throws {SyntaxError} a damaged file; an Example followed by a record that is none
 */
export async function* blocks(
  source: ByteSource,
  options: BlockOptions & TfrecordOptions = {},
): AsyncGenerator<Value[]> {
  const reader = readerOf(options), isFree = options.rows === undefined, most = isFree ? blockRows : rowsOf(options, 1);
  let asExample: boolean | undefined, block: Value[] = [], size = 0;
  for await (const { bytes, start, frames } of frameChunks(source)) {
    for (const frame of frames) {
      asExample ??= isExample(reader, bytes, frame);
      const read = () => reader.read(bytes, frame.from, frame.to);
      block.push(asExample ? about(frame, start, read) : bytesIn(bytes, frame));
      size += frame.to - frame.from;
      if (block.length < most && (!isFree || size < blockBytes)) continue;
      yield block;
      [block, size] = [[], 0];
    }
  }
  if (block.length > 0) yield block;
}

/**
 * The features of a file of Examples as columns, as `tf.io.parse_example` gives them: equally many numbers in each row as
 * an NDArray `[rows, numbers]`, one in each as `[rows]`; equally long bytes as `[rows, bytes]`; anything else as a list.
 * Several times as fast as rows, since far fewer objects are made.
 *
 * @throws {SyntaxError} a damaged file, a record that is no Example, a feature that is of another kind in another row
 */
export async function readColumns(
  source: ByteSource,
  { only, text }: TfrecordOptions & { readonly only?: readonly string[] } = {},
): Promise<Columns> {
  const reader = new ColumnReader((name) => only === undefined || only.includes(name));
  for await (const { bytes, start, frames } of frameChunks(source)) {
    for (const frame of frames) about(frame, start, () => reader.add(bytes, frame.from, frame.to));
  }
  return reader.finish(isTextIn(text));
}

/**
 * The arrays of a file that we wrote, one by one, which is read once to find them. Of any other file of Examples, the
 * columns of the features that the first row has.
 *
 * @throws {SyntaxError} a file of other records
 */
async function open(source: ByteSource): Promise<Archive> {
  const reader = readerOf({}), places = new Map<string, Frame>();
  for await (const { bytes, start, frames } of frameChunks(source)) {
    for (const frame of frames) {
      const row = about(frame, start, () => reader.read(bytes, frame.from, frame.to)), found = fromExample(row);
      if (found === undefined && places.size === 0) return openColumns(source, Object.keys(row));
      if (found === undefined) throw unreadable(`the record at byte ${start + frame.from - 12} is no array`);
      if (found.array !== undefined) places.set(found.name, { from: start + frame.from, to: start + frame.to });
    }
  }
  return archiveOf(places, "tfrecord", async ({ from, to }, name) => {
    const bytes = await source.read(from, to);
    const found = bytes.length === to - from ? fromExample(reader.read(bytes, 0, bytes.length)) : undefined;
    if (found?.array !== undefined && found.name === name) return found.array;
    throw unreadable(`the array "${brief(name)}" changed while it was open`);
  });
}

function openColumns(source: ByteSource, names: readonly string[]): Archive {
  return archiveOf(new Map(names.map((name) => [name, name])), "tfrecord", async (name) => {
    const { [name]: column } = await readColumns(source, { only: [name] });
    if (isNDArray(column)) return column;
    throw new RangeError(
      `Cannot read tfrecord: "${brief(name)}" has not equally many values in each row; read it as rows`,
    );
  });
}

const readerOf = ({ text }: TfrecordOptions): ExampleReader => new ExampleReader(isTextIn(text));

const isTextIn = (text: TfrecordOptions["text"] = []) =>
  text === true ? () => true : (name: string) => text.includes(name);

function isExample(reader: ExampleReader, bytes: Uint8Array, { from, to }: Frame): boolean {
  try {
    return void reader.read(bytes, from, to) === undefined;
  } catch {
    return false;
  }
}

function about<T>({ from }: Frame, start: number, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof NoExample)) throw cause;
    throw unreadable(`the record at byte ${start + from - 12} is no tf.train.Example`);
  }
}

const bytesIn = (bytes: Uint8Array, { from, to }: Frame): NDArray =>
  new NDArray("uint8", [to - from], bytes.slice(from, to));

const writeRecords = (records: readonly NDArray[]): Uint8Array =>
  writeFrames(records.map(({ bytes }) => bytes.length), (i, bytes, at) => bytes.set(records[i]!.bytes, at));
