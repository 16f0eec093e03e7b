import { Buffer } from "node:buffer";
import { zstdCompressSync } from "node:zlib";
import type { ColumnChunk, SchemaElement } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import { writeRleBitPackedHybrid } from "hyparquet-writer/src/encoding.js";
import { arrayTypes, isNDArray, type NDArray } from "../../module/ndarray.ts";
import type { ColumnKind } from "../column_kind.ts";
import type { Cells } from "../table.ts";
import type { Pieces } from "./write.ts";

/** Rows of a page. */
const pageRows = 32_768;

/**
 * A column of single values: plain, numbers as they lie in memory; all but fractions, of which most compression makes
 * nothing, packed by Zstandard. hyparquet-writer takes a step or more for each value, ten times as long.
 */
export function writeFlat(
  writer: Pieces,
  cells: Cells,
  kind: ColumnKind,
  element: SchemaElement,
  from: number,
  to: number,
): ColumnChunk {
  const codec = kind.type.startsWith("float") ? "UNCOMPRESSED" : "ZSTD";
  const begin = writer.offset;
  let unpacked = 0;
  for (let row = from; row < to; row += pageRows) {
    const end = Math.min(to, row + pageRows);
    const { values, levels, missing } = page(cells, kind, row, end);
    const body = codec === "ZSTD" ? zstdCompressSync(values) : values;
    const header = writer.offset;
    writePageHeader(writer, {
      type: "DATA_PAGE_V2",
      uncompressed_page_size: levels.length + values.length,
      compressed_page_size: levels.length + body.length,
      data_page_header_v2: {
        num_values: end - row,
        num_nulls: missing,
        num_rows: end - row,
        encoding: "PLAIN",
        definition_levels_byte_length: levels.length,
        repetition_levels_byte_length: 0,
        is_compressed: codec === "ZSTD",
      },
    });
    unpacked += writer.offset - header + levels.length + values.length;
    writer.appendBytes(levels);
    writer.appendPiece(body);
  }
  return {
    file_offset: BigInt(begin),
    meta_data: {
      type: element.type!,
      encodings: ["PLAIN", "RLE"],
      path_in_schema: [element.name],
      codec,
      num_values: BigInt(to - from),
      total_compressed_size: BigInt(writer.offset - begin),
      total_uncompressed_size: BigInt(unpacked),
      data_page_offset: BigInt(begin),
    },
  };
}

interface PageBytes {
  readonly values: Uint8Array;
  /** Which values there are, where some are missing. */
  readonly levels: Uint8Array;
  readonly missing: number;
}

function page(cells: Cells, { type, hasNull }: ColumnKind, from: number, to: number): PageBytes {
  if (isNDArray(cells) && cells.shape.length === 1) {
    return { values: numbers(cells.data.subarray(from, to), type), levels: new Uint8Array(), missing: 0 };
  }
  const all: readonly unknown[] = isNDArray(cells) ? rowsOfBytes(cells, from, to) : cells.slice(from, to);
  const present = hasNull ? all.filter((cell) => cell !== null) : all;
  const levels = hasNull ? levelsOf(all) : new Uint8Array();
  return { values: plain(present, type), levels, missing: all.length - present.length };
}

function rowsOfBytes({ data, shape }: NDArray, from: number, to: number): Uint8Array[] {
  const width = shape[1]!;
  return Array.from(
    { length: to - from },
    (_, i) => data.subarray((from + i) * width, (from + i + 1) * width),
  ) as Uint8Array[];
}

/** 1 for what is there, 0 for what is not. */
function levelsOf(cells: readonly unknown[]): Uint8Array {
  const writer = new ByteWriter();
  writeRleBitPackedHybrid(writer, cells.map((cell) => cell === null ? 0 : 1), 1);
  return writer.getBytes();
}

function plain(cells: readonly unknown[], type: ColumnKind["type"]): Uint8Array {
  if (type === "text") return texts(cells as string[]);
  if (type === "bytes") return lengthPrefixed(cells.map((cell) => isNDArray(cell) ? cell.bytes : cell as Uint8Array));
  if (type === "nothing") return new Uint8Array();
  if (type === "date") return bytesOf(BigInt64Array.from(cells as Date[], (date) => BigInt(date.getTime())));
  if (type === "int64" || type === "uint64") {
    return bytesOf(BigUint64Array.from(cells as bigint[], (cell) => BigInt.asUintN(64, BigInt(cell))));
  }
  const typed = new arrayTypes[type](cells.length) as Float64Array;
  typed.set(cells as number[]);
  return numbers(typed, type);
}

/** Narrow whole numbers take four bytes each, truths a bit. */
function numbers(values: ArrayLike<number | bigint> & ArrayBufferView, type: ColumnKind["type"]): Uint8Array {
  if (type === "bool") return bits(values as unknown as Uint8Array);
  return bytesOf(/^u?int(8|16)$/.test(type) ? Int32Array.from(values as unknown as Int16Array) : values);
}

function bits(truths: Uint8Array): Uint8Array {
  const packed = new Uint8Array(Math.ceil(truths.length / 8));
  for (let i = 0; i < truths.length; i++) packed[i >> 3]! |= truths[i]! << (i & 7);
  return packed;
}

/** Texts in UTF-8, each after its length. */
function texts(cells: readonly string[]): Uint8Array {
  const most = cells.reduce((sum, text) => sum + text.length * 3 + 4, 0);
  const bytes = Buffer.allocUnsafe(most);
  let at = 0;
  for (const text of cells) {
    const length = bytes.write(text, at + 4);
    bytes.writeUInt32LE(length, at);
    at += 4 + length;
  }
  return bytes.subarray(0, at);
}

function lengthPrefixed(items: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(items.flatMap((item) => [bytesOf(Uint32Array.of(item.length)), item]));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
