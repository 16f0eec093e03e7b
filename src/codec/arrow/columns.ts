import { type Data, DataType, Vector } from "apache-arrow";
import { type DType, dtypeOf, NDArray, type TypedArray } from "../../module/ndarray.ts";
import type { Value } from "../../module/value.ts";
import { type Cells, wholeNumber } from "../table.ts";
import { freshArray } from "../array_bytes.ts";
import { checkData } from "./check.ts";

/** A column of a table, its data its own: numbers as they lie in memory unless some are missing. */
export function readVector(vector: Vector): Cells {
  (vector.data as Data[]).forEach(checkData);
  const dtype = typeOf(vector.type);
  if (dtype !== undefined && dtype !== "bool" && vector.nullCount === 0) return numbersOf(vector, dtype);
  return Array.from({ length: vector.length }, (_, i) => cellOf(vector.get(i), vector.type));
}

/** The element type of numbers; undefined for all else. */
function typeOf(type: DataType): DType | undefined {
  if (DataType.isInt(type)) return `${type.isSigned ? "int" : "uint"}${type.bitWidth}`;
  if (DataType.isFloat(type)) return (["float16", "float32", "float64"] as const)[type.precision];
  return DataType.isBool(type) ? "bool" : undefined;
}

function numbersOf(vector: Vector, dtype: DType): NDArray {
  const array = freshArray(dtype, [vector.length]), into = array.bytes;
  let at = 0;
  for (const { values, length } of vector.data as Data[]) {
    const { buffer, byteOffset } = values as TypedArray, size = length * array.data.BYTES_PER_ELEMENT;
    into.set(new Uint8Array(buffer, byteOffset, size), at); // half floats as their bits
    at += size;
  }
  return array;
}

function cellOf(cell: unknown, type: DataType): Value {
  if (cell === null || cell === undefined) return null;
  if (DataType.isTimestamp(type) || DataType.isDate(type)) return new Date(Number(cell));
  if (DataType.isDecimal(type)) return decimal(cell as Uint32Array, type.scale);
  if (typeof cell === "bigint") return wholeNumber(cell);
  if (cell instanceof Vector) return listOf(cell);
  const dtype = dtypeOf(cell);
  if (dtype !== undefined) return new NDArray(dtype, [(cell as TypedArray).length], (cell as TypedArray).slice());
  if (typeof cell !== "object") return cell as Value;
  const inner = new Map(type.children?.map((field) => [field.name, field.type as DataType]));
  const entries = [...cell as Iterable<[string, unknown]>]; // of a struct or a map
  return Object.fromEntries(entries.map(([key, item]) => [key, cellOf(item, inner.get(key) ?? type)]));
}

/** A list of numbers as an NDArray, of equally long ones as one of more dimensions; any other as a list. */
function listOf(list: Vector): Value {
  const dtype = typeOf(list.type);
  if (dtype !== undefined && list.nullCount === 0) {
    if (dtype !== "bool") return numbersOf(list, dtype);
    return new NDArray("bool", [list.length], Uint8Array.from(list, Number));
  }
  const items = Array.from(list, (item) => cellOf(item, list.type)), [first] = items;
  const isEven = first instanceof NDArray &&
    items.every((item) => item instanceof NDArray && `${item.shape}` === `${first.shape}`);
  return isEven ? stacked(items as NDArray[]) : items;
}

/** Equally shaped arrays as one. */
function stacked(items: readonly NDArray[]): NDArray {
  const { dtype, shape, size } = items[0]!, whole = new NDArray(dtype, [items.length, ...shape]);
  items.forEach((item, i) => (whole.data as Float64Array).set(item.data as Float64Array, i * size));
  return whole;
}

/** Two's complement in words of 32 bits, the lowest first. */
function decimal(words: Uint32Array, scale: number): number {
  const bits = words.reduceRight((sum, word) => sum << 32n | BigInt(word), 0n);
  return Number(BigInt.asIntN(words.length * 32, bits)) / 10 ** scale;
}
