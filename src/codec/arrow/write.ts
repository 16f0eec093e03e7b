import * as arrow from "apache-arrow";
import { isNDArray, NDArray } from "../../module/ndarray.ts";
import type { Value } from "../../module/value.ts";
import { type ColumnKind, columnKind } from "../column_kind.ts";
import { type Cells, type Columns, itemOf } from "../table.ts";

const types: Readonly<Record<ColumnKind["type"], () => arrow.DataType>> = {
  bool: () => new arrow.Bool(),
  int8: () => new arrow.Int8(),
  int16: () => new arrow.Int16(),
  int32: () => new arrow.Int32(),
  int64: () => new arrow.Int64(),
  uint8: () => new arrow.Uint8(),
  uint16: () => new arrow.Uint16(),
  uint32: () => new arrow.Uint32(),
  uint64: () => new arrow.Uint64(),
  float16: () => new arrow.Float16(),
  float32: () => new arrow.Float32(),
  float64: () => new arrow.Float64(),
  text: () => new arrow.Utf8(),
  date: () => new arrow.Timestamp(arrow.TimeUnit.MILLISECOND, "UTC"),
  bytes: () => new arrow.Binary(),
  nothing: () => new arrow.Null(),
};

/** Columns as an Arrow IPC file. @throws {TypeError} a column of several kinds; @throws {RangeError} too large bigints */
export function writeArrow(columns: Columns): Uint8Array {
  const vectors = Object.entries(columns).map(([name, cells]) => {
    const kind = columnKind(cells, name, "arrow");
    return { name, vector: vectorOf(cells, kind), nullable: kind.hasNull };
  });
  const fields = vectors.map(({ name, vector, nullable }) => new arrow.Field(name, vector.type, nullable));
  const schema = new arrow.Schema(fields), type = new arrow.Struct(fields);
  const length = vectors[0]?.vector.length ?? 0;
  const children = vectors.map(({ vector }) => vector.data[0]!);
  const batch = new arrow.RecordBatch(schema, arrow.makeData({ type, length, nullCount: 0, children }));
  return arrow.tableToIPC(new arrow.Table(schema, [batch]), "file");
}

function vectorOf(cells: Cells, kind: ColumnKind): arrow.Vector {
  const type = typeOf(kind);
  if (isNDArray(cells) && kind.rank === 0 && kind.type !== "bool") return arrow.makeVector(dataOf(cells, type));
  const list = isNDArray(cells) ? Array.from({ length: cells.shape[0]! }, (_, i) => itemOf(cells, i)) : cells;
  return arrow.vectorFromArray(list.map((cell) => plain(cell, kind)), type);
}

function dataOf({ data, dtype, size }: NDArray, type: arrow.DataType): arrow.Data {
  const bits = dtype === "float16" ? new Uint16Array(data.buffer, data.byteOffset, size) : data;
  return arrow.makeData({ type: type as arrow.Float64, length: size, nullCount: 0, data: bits as Float64Array });
}

function typeOf({ type, rank }: ColumnKind): arrow.DataType {
  let found = types[type]();
  if (type !== "bytes") {
    for (let i = 0; i < rank; i++) {
      found = new arrow.List(new arrow.Field("item", found, false));
    }
  }
  return found;
}

/** A cell as apache-arrow takes it. */
function plain(cell: Value, { type }: ColumnKind): unknown {
  if (isNDArray(cell)) {
    if (cell.shape.length === 0) return type === "bool" ? cell.data[0] === 1 : cell.data[0];
    if (type === "bytes") return cell.data;
    return nested(cell);
  }
  if (cell === null) return null;
  return type === "int64" || type === "uint64" ? BigInt(cell as number) : cell;
}

function nested(array: NDArray): unknown[] {
  if (array.shape.length > 1) return Array.from({ length: array.shape[0]! }, (_, i) => nested(itemOf(array, i)));
  const list = Array.from<unknown>(array.data as ArrayLike<unknown>);
  return array.dtype === "bool" ? list.map(Boolean) : list;
}
