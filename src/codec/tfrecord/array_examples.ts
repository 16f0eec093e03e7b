import { arrayTypes, type DType, isNDArray, NDArray } from "../../module/ndarray.ts";
import type { Value } from "../../module/value.ts";
import { type Arrays, fromBuffer, isShape, ownBuffer } from "../arrays.ts";
import { bytesOf } from "../array_bytes.ts";
import type { Row } from "./example_reader.ts";

/** What stands in the place of a type when there are no arrays: a file without any record would tell nothing. */
const none = "none";
const keys = ["name", "dtype", "shape", "data"];

/**
 * Named arrays as rows, one each: `name` and `dtype` are text, `shape` is int64, `data` the elements' bytes, little-endian
 * and in row-major order (`tf.io.decode_raw`).
 */
export function toExamples(arrays: Arrays): Row[] {
  const rows = Object.entries(arrays).map(([name, { dtype, shape, bytes }]) => rowOf(name, dtype, shape, bytes));
  return rows.length > 0 ? rows : [rowOf("", none, [], new Uint8Array())];
}

function rowOf(name: string, dtype: string, shape: readonly number[], bytes: Uint8Array): Row {
  if (!name.isWellFormed()) {
    throw new TypeError(`Cannot write tfrecord: the name ${JSON.stringify(name)} is no Unicode`);
  }
  const lengths = new NDArray("int64", [shape.length], shape.map(BigInt));
  return { name, dtype, shape: lengths, data: new NDArray("uint8", [bytes.length], bytes) };
}

/** An array and its name, where a row is one; undefined for any other row. */
export function fromExample(row: Row): { name: string; array?: NDArray } | undefined {
  if (Object.keys(row).length !== keys.length || !keys.every((key) => Object.hasOwn(row, key))) return undefined;
  const [name, dtype, data] = [textOf(row.name), textOf(row.dtype), single(row.data)];
  if (name === undefined || dtype === undefined || data === undefined || !isNDArray(row.shape)) return undefined;
  if (dtype === none) return { name };
  const shape = Array.from(row.shape.data, Number);
  if (!Object.hasOwn(arrayTypes, dtype) || !isShape(shape)) return undefined;
  const layout = { dtype: dtype as DType, shape };
  if (bytesOf(layout) !== data.length) return undefined;
  const isAlone = data.byteLength === data.buffer.byteLength;
  return { name, array: fromBuffer(layout.dtype, shape, isAlone ? data.buffer as ArrayBuffer : ownBuffer(data)) };
}

/** The arrays that rows are; undefined where they are other rows. */
export function fromExamples(rows: readonly Row[]): Arrays | undefined {
  const entries = new Map<string, NDArray>();
  for (const row of rows) {
    const found = fromExample(row);
    if (found === undefined || entries.has(found.name)) return undefined;
    if (found.array !== undefined) entries.set(found.name, found.array);
  }
  return rows.length === 0 ? undefined : Object.fromEntries(entries);
}

/** The bytes that a feature has, if it has one string of them. */
function single(value: Value): Uint8Array | undefined {
  const [item, second] = Array.isArray(value) ? value : [];
  return second === undefined && isNDArray(item) ? item.data as Uint8Array : undefined;
}

function textOf(value: Value): string | undefined {
  const bytes = single(value);
  return bytes && new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
