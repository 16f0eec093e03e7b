import type { SchemaElement, SchemaTree } from "hyparquet";
import { parquetSchema } from "hyparquet";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";
import { writeColumn } from "hyparquet-writer/src/column.js";
import { encodeNestedValues } from "hyparquet-writer/src/dremel.js";
import { isNDArray, type NDArray } from "../../module/ndarray.ts";
import { type ColumnKind, columnKind } from "../column_kind.ts";
import { type Cells, type Columns, itemOf, lengthOf } from "../table.ts";
import { writeFlat } from "./write_flat.ts";

/** Rows of a group: what is read at once by who reads in blocks. */
const groupRows = 131_072;

const elements: Readonly<Record<ColumnKind["type"], Omit<SchemaElement, "name">>> = {
  bool: { type: "BOOLEAN" },
  int8: { type: "INT32", converted_type: "INT_8" },
  int16: { type: "INT32", converted_type: "INT_16" },
  int32: { type: "INT32" },
  int64: { type: "INT64" },
  uint8: { type: "INT32", converted_type: "UINT_8" },
  uint16: { type: "INT32", converted_type: "UINT_16" },
  uint32: { type: "INT32", converted_type: "UINT_32" },
  uint64: { type: "INT64", converted_type: "UINT_64" },
  float16: { type: "FIXED_LEN_BYTE_ARRAY", type_length: 2, logical_type: { type: "FLOAT16" } },
  float32: { type: "FLOAT" },
  float64: { type: "DOUBLE" },
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  date: { type: "INT64", converted_type: "TIMESTAMP_MILLIS" },
  bytes: { type: "BYTE_ARRAY" },
  nothing: { type: "INT32", logical_type: { type: "NULL" } },
};

/** What is written, in pieces: large ones are kept as they are. */
export class Pieces extends ByteWriter {
  readonly pieces: Uint8Array[] = [];

  /** @param piece stays as it is until all is written */
  appendPiece(piece: Uint8Array): void {
    this.flush();
    this.pieces.push(piece);
    this.offset += piece.length;
  }

  flush(): void {
    if (this.index > 0) this.pieces.push(this.getBytes().slice());
    this.index = 0;
  }
}

interface Part {
  readonly cells: Cells;
  readonly kind: ColumnKind;
  readonly column: SchemaTree;
}

/** Columns as a parquet file, in parts. @throws {TypeError} a column of several kinds; @throws {RangeError} large bigints */
export function writeParquet(columns: Columns): Uint8Array[] {
  const found = Object.entries(columns).map(([name, cells]) => {
    const kind = columnKind(cells, name, "parquet");
    return { cells, kind, elements: schemaOf(name, kind) };
  });
  const schema = [{ name: "schema", num_children: found.length }, ...found.flatMap(({ elements }) => elements)];
  const tree = parquetSchema({ schema } as Parameters<typeof parquetSchema>[0]);
  const parts = found.map((part, i) => ({ ...part, column: tree.children[i]! }));
  const writer = new Pieces(), file = new ParquetWriter({ writer, schema, createdBy: "ptutils" });
  const rows = found.length === 0 ? 0 : lengthOf(found[0]!.cells);
  for (let from = 0; from < rows; from += groupRows) {
    const to = Math.min(rows, from + groupRows), begin = writer.offset;
    const chunks = parts.map((part) => writePart(writer, part, tree, from, to));
    const size = chunks.reduce((sum, { meta_data }) => sum + meta_data!.total_uncompressed_size, 0n);
    const counts = { num_rows: BigInt(to - from), total_compressed_size: BigInt(writer.offset - begin) };
    file.row_groups.push({ columns: chunks, total_byte_size: size, ...counts });
  }
  file.num_rows = BigInt(rows);
  file.finish();
  writer.flush();
  return writer.pieces;
}

/** The column's place in the schema: lists of lists for cells of many dimensions. */
function schemaOf(name: string, { type, rank, hasNull }: ColumnKind): SchemaElement[] {
  const repetition_type = hasNull ? "OPTIONAL" : "REQUIRED";
  if (rank === 0 || type === "bytes") return [{ name, repetition_type, ...elements[type] }];
  return [
    { name, repetition_type, converted_type: "LIST", num_children: 1 },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    ...schemaOf("element", { type, rank: rank - 1, hasNull: false }),
  ];
}

function writePart(writer: Pieces, { cells, kind, column }: Part, root: SchemaTree, from: number, to: number) {
  if (column.children.length === 0) return writeFlat(writer, cells, kind, column.element, from, to);
  const path = [root, column];
  while (path.at(-1)!.children.length > 0) path.push(path.at(-1)!.children[0]!);
  const rows = Array.from({ length: to - from }, (_, i) => {
    const cell = isNDArray(cells) ? itemOf(cells, from + i) : cells[from + i];
    return isNDArray(cell) ? nested(cell) : null;
  });
  const schemaPath = path.map(({ element }) => element);
  return writeColumn({
    writer,
    pageData: encodeNestedValues(path, rows),
    column: {
      columnName: schemaPath.slice(1).map(({ name }) => name).join("."),
      element: schemaPath.at(-1)!,
      schemaPath,
      codec: "UNCOMPRESSED",
      compressors: {},
      stats: false,
      pageSize: 2 ** 20,
      columnIndex: false,
      offsetIndex: false,
    },
  }).chunk;
}

/** An array as lists of lists; one without dimensions as its number. */
function nested(array: NDArray): unknown {
  if (array.shape.length > 1) return Array.from({ length: array.shape[0]! }, (_, i) => nested(itemOf(array, i)));
  const list = Array.from<unknown>(array.data as ArrayLike<unknown>);
  return array.dtype === "bool" ? list.map(Boolean) : list;
}
