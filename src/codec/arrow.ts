import type { FileHandle } from "node:fs/promises";
import { RecordBatchReader, type Table, Table as ArrowTable, tableFromIPC } from "apache-arrow";
import { type ByteSource, sourceOf } from "../module/byte_source.ts";
import type { BlockOptions, Codec } from "../module/codec.ts";
import { readVector } from "./arrow/columns.ts";
import { unpackingAtMost } from "./arrow/compression.ts";
import { verifyFile } from "./arrow/verify.ts";
import { isStream, verifyStream } from "./arrow/verify_stream.ts";
import { writeArrow } from "./arrow/write.ts";
import { type Columns, repeated, type Row, toColumns, toRows } from "./table.ts";

/** Most bytes that a file, or a batch of rows, may unpack to, and most cells that are read at once. */
const maxBytes = 2 ** 31, maxCells = 2 ** 26;
/** So many cells, and so many for each byte of a file, are read without asking. */
const harmlessCells = 2 ** 20, cellsOfByte = 64;
/** Rows of a block of about 8 MiB, times columns. */
const blockCells = 2 ** 17;

/**
 * Rows as an Apache Arrow IPC file, which is Feather version 2; packed by LZ4 or Zstandard as pyarrow packs them, too. An
 * Arrow stream is read as well.
 * Cells are those of parquet: whole numbers of 64 bits are numbers up to 2^53 either way and bigints beyond, lists of
 * numbers and bytes are NDArrays, times are Dates in milliseconds. A record of equally long columns is written, too.
 *
 * @example
 * ```ts
 * import { codecFor } from "ptutils";
 * const arrow = await codecFor("scores.arrow");
 * const rows = await arrow.parse(await arrow.stringify([{ name: "a", score: NaN }, { name: "b", score: null }]));
 * if ((rows as { name: string }[])[1]!.name !== "b") throw new Error("unexpected");
 * ```
 */
export const arrow: Codec = {
  holds: "rows",
  parse: async (bytes) => toRows(await readColumns(sourceOf(bytes))),
  read: async (source) => toRows(await readColumns(source)),
  stringify: (value) => writeArrow(toColumns(value, "arrow")),
  columns: (source, options) => readColumns(source, options?.only),
  blocks,
};

/** The columns of an Arrow file, numbers as NDArrays unless some are missing. @throws {SyntaxError} a damaged file */
export async function readColumns(source: ByteSource, only?: readonly string[]): Promise<Columns> {
  await check(source);
  const bytes = await source.read(0, source.size);
  return reading(() => {
    const table = unpackingAtMost(maxBytes, () => tableFromIPC(bytes));
    return columnsOf(table, bytes.length, only);
  });
}

/** A block is as many rows as wanted, at most a batch as the file has them. */
async function* blocks(source: ByteSource, { rows, only }: BlockOptions = {}): AsyncGenerator<Row[]> {
  await check(source);
  const file = await readingLater(async () => {
    const reader = await RecordBatchReader.from(fileOver(source) as unknown as FileHandle);
    return await reader.open();
  });
  for (;;) {
    const batch = await readingLater(() => unpackingAtMost(maxBytes, () => file.next()));
    if (batch.done) return;
    const columns = reading(() => columnsOf(new ArrowTable([batch.value]), source.size, only));
    const all = toRows(columns), step = rows ?? Math.max(1, Math.floor(blockCells / Object.keys(columns).length));
    for (let from = 0; from < all.length; from += step) yield all.slice(from, from + step);
  }
}

function columnsOf(table: Table, fileBytes: number, only?: readonly string[]): Columns {
  const names = table.schema.fields.map(({ name }) => name);
  const twice = repeated(names);
  if (twice !== undefined) throw new SyntaxError(`Cannot read arrow: two columns are named "${twice}"; rename one`);
  if (table.numRows * names.length > Math.min(maxCells, Math.max(harmlessCells, fileBytes * cellsOfByte))) {
    throw new RangeError(`Cannot read arrow: it has ${table.numRows} rows, too many at once; read it in blocks`);
  }
  const wanted = names.filter((name) => only?.includes(name) !== false);
  return Object.fromEntries(wanted.map((name) => [name, readVector(table.getChildAt(names.indexOf(name))!)]));
}

async function check(source: ByteSource): Promise<void> {
  const text = (bytes: Uint8Array) => new TextDecoder("latin1").decode(bytes);
  if (isStream(await source.read(0, 12))) return await readingLater(() => verifyStream(source));
  const start = text(await source.read(0, 8)), end = text(await source.read(Math.max(0, source.size - 6), source.size));
  if (start.startsWith("FEA1")) throw new SyntaxError("Cannot read arrow: it is Feather version 1; write version 2");
  if (!start.startsWith("ARROW1") || end !== "ARROW1" || source.size < 24) {
    throw new SyntaxError("Cannot read arrow: it does not begin and end as an Arrow file; it is cut off, or another");
  }
  await readingLater(() => verifyFile(source));
}

/** A source as the open file that apache-arrow reads. */
const fileOver = (source: ByteSource) => ({
  fd: 0,
  stat: () => Promise.resolve({ size: source.size }),
  read: async (into: Uint8Array, offset: number, length: number, from: number) => {
    const bytes = await source.read(from, from + length);
    into.set(bytes, offset);
    return { bytesRead: bytes.length, buffer: into };
  },
  close: () => Promise.resolve(),
});

function reading<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw wrong(cause);
  }
}

const readingLater = <T>(work: () => Promise<T>): Promise<T> => work().catch((cause) => Promise.reject(wrong(cause)));

function wrong(cause: unknown): Error {
  const { message } = cause as Error;
  if (/^Cannot read arrow/.test(message)) return cause as Error;
  return new SyntaxError(`Cannot read arrow: ${message.replace("Cannot read LZ4: ", "")}; the file is damaged`, {
    cause,
  });
}
