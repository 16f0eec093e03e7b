import { arrayTypes, type DType, NDArray } from "../../module/ndarray.ts";
import { isRecord, type Value } from "../../module/value.ts";
import { wholeNumber } from "../table.ts";
import type { Kind } from "./kind.ts";

/**
 * A cell as hyparquet gives it as a Value: bytes as a uint8 NDArray, a list of numbers as an NDArray of their type, lists of
 * equally long ones as one of more dimensions, also where they are in records; other lists and records as they are.
 */
export function cellOf(cell: unknown, kind?: Kind): Value {
  if (cell === undefined || cell === null) return null;
  if (cell instanceof Uint8Array) return new NDArray("uint8", [cell.length], Uint8Array.from(cell));
  if (typeof cell === "bigint") return wholeNumber(cell);
  if (Array.isArray(cell)) return listOf(cell, typeof kind === "object" && "items" in kind ? kind.items : undefined);
  if (!isRecord(cell)) return cell as Value;
  const kindAt = typeof kind === "object" && "of" in kind ? kind.of : () => undefined;
  return Object.fromEntries(Object.entries(cell).map(([key, item]) => [key, cellOf(item, kindAt(key))]));
}

function listOf(list: unknown[], kind: Kind): Value {
  if (typeof kind === "string" && list.every(isNumber)) return numbersOf(list, kind);
  const items = list.map((item) => cellOf(item, kind)), [first] = items;
  const isEven = typeof kind === "object" && "items" in kind && first instanceof NDArray &&
    items.every((item) => item instanceof NDArray && `${item.shape}` === `${first.shape}`);
  return isEven ? stacked(items as NDArray[]) : items;
}

const isNumber = (item: unknown): boolean => ["number", "bigint", "boolean"].includes(typeof item);

function numbersOf(list: unknown[], dtype: DType): NDArray {
  const data = new arrayTypes[dtype](list.length) as Float64Array;
  data.set(list as number[]);
  return new NDArray(dtype, [list.length], data);
}

function stacked(items: NDArray[]): NDArray {
  const { dtype, shape, size } = items[0]!;
  const data = new arrayTypes[dtype](items.length * size) as Float64Array;
  items.forEach((item, i) => data.set(item.data as Float64Array, i * size));
  return new NDArray(dtype, [items.length, ...shape], data);
}
