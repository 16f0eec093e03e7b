import { type DType, isNDArray, NDArray } from "../module/ndarray.ts";
import {
  decodeArray,
  decodeValue,
  encodeArray,
  encodeValue,
  isRecord,
  type Json,
  mapRecord,
  type Value,
} from "../module/value.ts";

/** An array of more bytes than this goes into a blob of its own. */
export const inlineLimit = 4096;

const brand = Symbol.for("ptutils.ndarray");

/** Stands for an NDArray whose data lie in a blob, wherever a {@linkcode Value} may have one. */
export class StoredArray {
  constructor(readonly dtype: DType, readonly shape: readonly number[], readonly blob: string) {
    Object.defineProperty(this, brand, { value: true });
  }

  /** Blobs are named by their content: the same name is the same array. */
  equals(other: unknown): boolean {
    return other instanceof StoredArray && other.blob === this.blob;
  }

  clone(): this {
    return this;
  }
}

/** What stands for an array in JSON: `{"$ndarray": {"blob": "...", ...}}`. */
interface Reference {
  blob: string;
  dtype: DType;
  shape: number[];
}

/** An encoded value, and the blobs that it refers to. */
export interface Encoded {
  json: Json;
  blobs: string[];
}

/**
 * Encodes a value as it is now; `put` is given the large arrays and returns the names of their blobs. Those arrays must
 * not change until it has.
 */
export async function encodeStored(
  value: Value,
  put: (arrays: readonly NDArray[]) => Promise<readonly string[]>,
): Promise<Encoded> {
  const arrays: NDArray[] = [], references: Reference[] = [];
  const { json, blobs } = encodeWith(value, (array) => {
    const reference = { blob: "", dtype: array.dtype, shape: [...array.shape] };
    arrays.push(array);
    references.push(reference);
    return reference;
  });
  const names = await put(arrays);
  references.forEach((reference, i) => reference.blob = names[i]!);
  return { json, blobs: [...new Set([...blobs, ...names])] };
}

/** Encodes a value whose large arrays all are StoredArrays. */
export const encodeReferences = (value: Value): Encoded =>
  encodeWith(value, () => {
    throw new TypeError("Cannot encode a large array here: store it first");
  });

function encodeWith(value: Value, refer: (array: NDArray) => Reference): Encoded {
  const blobs = new Set<string>();
  const json = encodeValue(value, (array) => {
    if (isStored(array)) {
      blobs.add(array.blob);
      return { $ndarray: { blob: array.blob, dtype: array.dtype, shape: [...array.shape] } };
    }
    return isLarge(array) ? { $ndarray: refer(array) as unknown as Json } : encodeArray(array);
  });
  return { json, blobs: [...blobs] };
}

const isStored = (array: unknown): array is StoredArray => array instanceof StoredArray;
const isLarge = (array: NDArray): boolean => array.data.byteLength > inlineLimit;

/** The same with StoredArrays for its large arrays, to be compared with what is stored; nothing is written. */
export async function toStored<T>(value: T, names: (arrays: readonly NDArray[]) => Promise<string[]>): Promise<T> {
  const large = new Map<NDArray, string>();
  mapArrays(value, (array) => (isLarge(array) && large.set(array, ""), array));
  const found = await names([...large.keys()]);
  [...large.keys()].forEach((array, i) => large.set(array, found[i]!));
  return mapArrays(value, (array) => {
    const name = large.get(array);
    return name === undefined ? array : new StoredArray(array.dtype, array.shape, name);
  }) as T;
}

/** Reads what {@linkcode encodeStored} wrote; large arrays come as StoredArrays. */
export function decodeStored(json: Json): Value {
  return decodeValue(json, (reference) => {
    const { dtype, shape, blob } = reference as { dtype: DType; shape: number[]; blob?: string };
    return blob === undefined ? decodeArray(reference) : new StoredArray(dtype, shape, blob) as unknown as NDArray;
  });
}

/** Puts the arrays themselves into the place of StoredArrays; no two places share their data. */
export async function loadStored<T>(
  value: T,
  get: (blobs: readonly string[]) => Promise<readonly NDArray[]>,
): Promise<T> {
  const names = new Set<string>();
  mapArrays(value, (array) => (isStored(array) && names.add(array.blob), array));
  const loaded = await get([...names]);
  const arrays = new Map([...names].map((name, i) => [name, loaded[i]!]));
  const used = new Set<string>();
  return mapArrays(value, (array) => {
    if (!isStored(array)) return array;
    const own = arrays.get(array.blob)!;
    return used.size < used.add(array.blob).size ? own : own.clone();
  }) as T;
}

/** A copy of a value with its arrays mapped; what is neither list nor record nor array stays as it is. */
function mapArrays(value: unknown, map: (array: NDArray) => unknown): unknown {
  if (isNDArray(value)) return map(value);
  if (Array.isArray(value)) return value.map((item) => mapArrays(item, map));
  return isRecord(value) ? mapRecord(value, (item) => mapArrays(item, map)) : value;
}
