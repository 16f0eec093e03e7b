import { arrayTypes, type DType, NDArray } from "../../module/ndarray.ts";
import { isRecord, type Value } from "../../module/value.ts";
import { wholeNumber } from "../table.ts";

/**
 * A cell as hyparquet gives it as a Value: bytes as a uint8 NDArray, a list of numbers as an NDArray of their type, lists of
 * equally long ones as one of more dimensions; other lists and records as they are.
 *
 * @param dtype of the numbers in a list
 */
export function cellOf(cell: unknown, dtype?: DType): Value {
  if (cell === undefined || cell === null) return null;
  if (cell instanceof Uint8Array) return new NDArray("uint8", [cell.length], Uint8Array.from(cell));
  if (typeof cell === "bigint") return wholeNumber(cell);
  if (Array.isArray(cell)) return listOf(cell, dtype);
  if (!isRecord(cell)) return cell as Value;
  return Object.fromEntries(Object.entries(cell).map(([key, item]) => [key, cellOf(item)]));
}

function listOf(list: unknown[], dtype: DType | undefined): Value {
  if (dtype === undefined) return list.map((item) => cellOf(item));
  if (list.every((item) => ["number", "bigint", "boolean"].includes(typeof item))) {
    const data = new arrayTypes[dtype](list.length) as Float64Array;
    data.set(list as number[]);
    return new NDArray(dtype, [list.length], data);
  }
  const items = list.map((item) => cellOf(item, dtype)), [first] = items;
  const isEven = first instanceof NDArray &&
    items.every((item) => item instanceof NDArray && `${item.shape}` === `${first.shape}`);
  return isEven ? stacked(items as NDArray[]) : items;
}

function stacked(items: NDArray[]): NDArray {
  const { dtype, shape, size } = items[0]!;
  const data = new arrayTypes[dtype](items.length * size) as Float64Array;
  items.forEach((item, i) => data.set(item.data as Float64Array, i * size));
  return new NDArray(dtype, [items.length, ...shape], data);
}
