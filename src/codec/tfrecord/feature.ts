import { isNDArray, type NDArray } from "../../module/ndarray.ts";
import type { Value } from "../../module/value.ts";
import { nameOf } from "../values.ts";

/** A Feature's list, ready to be written: its field's number in the message, and the data. */
export type Feature =
  | { readonly field: 0 }
  | { readonly field: 1; readonly items: readonly Uint8Array[] }
  | { readonly field: 2; readonly bytes: Uint8Array }
  | { readonly field: 3; readonly words: Int32Array };

const encoder = new TextEncoder();

/**
 * A row's cell as a Feature. What comes back as it was: null, an `int64` and a `float32` NDArray of one dimension, a list
 * of `uint8` NDArrays. What comes back as a list of one: text and a `uint8` NDArray (as bytes), a boolean, a bigint and a
 * whole number (as int64), any other number that a float32 holds.
 *
 * @throws {TypeError} what no Feature can hold without loss, named by row and feature
 */
export function toFeature(value: Value, name: string, row: number): Feature {
  const refuse = (what: string) =>
    new TypeError(`Cannot write tfrecord: "${name}" in row ${row} is ${what}; a feature holds int64, float32 or bytes`);
  if (value === null) return { field: 0 };
  if (typeof value === "string" || isBytes(value)) return { field: 1, items: [toBytes(value)] };
  if (Array.isArray(value)) return { field: 1, items: value.map((item) => byteString(item, refuse)) };
  if (typeof value === "boolean") return integers(BigInt64Array.of(value ? 1n : 0n));
  if (typeof value === "bigint") return integers(BigInt64Array.of(int64(value, refuse)));
  if (typeof value === "number") return number(value, refuse);
  if (isNDArray(value)) return list(value, refuse);
  throw refuse(nameOf(value));
}

type Refuse = (what: string) => TypeError;

function list({ dtype, shape, data }: NDArray, refuse: Refuse): Feature {
  if (shape.length !== 1) {
    throw refuse(`of shape [${shape}]: it has no dimensions, so reshape it and keep its shape beside`);
  }
  if (data instanceof BigInt64Array) return integers(data);
  if (data instanceof Float32Array) return { field: 2, bytes: bytesIn(data) };
  throw refuse(`an NDArray of ${dtype}: convert it`);
}

function number(value: number, refuse: Refuse): Feature {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return integers(BigInt64Array.of(BigInt(value)));
  if (Object.is(Math.fround(value), value)) return { field: 2, bytes: bytesIn(Float32Array.of(value)) };
  throw refuse(`${value}, which a float32 holds inexactly: round it with Math.fround`);
}

function int64(value: bigint, refuse: Refuse): bigint {
  if (BigInt.asIntN(64, value) === value) return value;
  throw refuse(`${value}, over 64 bits`);
}

function byteString(item: Value, refuse: Refuse): Uint8Array {
  if (typeof item === "string" || isBytes(item)) return toBytes(item);
  throw refuse(`a list with ${nameOf(item)}`);
}

/** Whether this is one string of bytes. */
const isBytes = (value: Value): value is NDArray =>
  isNDArray(value) && value.dtype === "uint8" && value.shape.length === 1;

const toBytes = (item: string | NDArray): Uint8Array => typeof item === "string" ? encoder.encode(item) : item.bytes;

const integers = (data: BigInt64Array): Feature => ({
  field: 3,
  words: new Int32Array(data.buffer, data.byteOffset, 2 * data.length),
});

const bytesIn = ({ buffer, byteOffset, byteLength }: Float32Array) => new Uint8Array(buffer, byteOffset, byteLength);
