import type { SyncCodec } from "../module/codec.ts";
import { arrayTypes, type DType, NDArray, sizeOf } from "../module/ndarray.ts";
import { isRecord, type Json } from "../module/value.ts";
import { type Arrays, fromBuffer, isShape, ownBuffer, toArrays } from "./arrays.ts";
import { decodeText } from "./values.ts";

/** safetensors' names for the element types, in its order: wider ones later. */
const names: Readonly<Record<string, DType>> = {
  BOOL: "bool",
  U8: "uint8",
  I8: "int8",
  I16: "int16",
  U16: "uint16",
  F16: "float16",
  I32: "int32",
  U32: "uint32",
  F32: "float32",
  F64: "float64",
  I64: "int64",
  U64: "uint64",
};
const order = Object.keys(names);
const nameOfType = Object.fromEntries(Object.entries(names).map(([name, dtype]) => [dtype, name]));

/** The reference implementation's bound. */
const maxHeader = 100_000_000;

interface Tensor {
  name: string;
  type: string;
  shape: number[];
  begin: number;
  end: number;
}

/** NDArrays by name as safetensors: a JSON header and the bytes. BF16 is read as float32; metadata are dropped. */
export const safetensors: SyncCodec = {
  holds: "arrays",
  parse,
  stringify: (value) => stringify(toArrays(value, "safetensors")),
};

/**
 * The arrays in a safetensors file, each with a buffer of its own.
 *
 * @see https://github.com/huggingface/safetensors#format
 * @throws {SyntaxError} a damaged file, a type that an NDArray lacks
 */
export function parse(bytes: Uint8Array): Arrays {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8 ? NaN : Number(view.getBigUint64(0, true));
  if (!(length <= Math.min(maxHeader, bytes.length - 8))) {
    throw damaged(`the header should take ${length} bytes, the file has ${bytes.length}`);
  }
  const tensors = parseHeader(decodeText(bytes.subarray(8, 8 + length), "safetensors"));
  checkOffsets(tensors, bytes.length - 8 - length);
  const data = bytes.subarray(8 + length);
  return Object.fromEntries(tensors.map((tensor) => [tensor.name, toArray(tensor, data)]));
}

/**
 * The arrays as a safetensors file: the wider types first, then by name, so that every one is aligned. Equal arrays give
 * equal bytes, those that the reference implementation writes.
 *
 * @throws {TypeError} an array named `__metadata__`
 */
export function stringify(arrays: Arrays): Uint8Array {
  const sorted = Object.entries(arrays).map(([name, array]) => ({ name, array, type: nameOfType[array.dtype]! }));
  sorted.sort((a, b) => order.indexOf(b.type) - order.indexOf(a.type) || (a.name < b.name ? -1 : 1));
  let end = 0;
  const header = sorted.map(({ name, array, type }) => {
    if (name === "__metadata__") throw new TypeError(`Cannot write safetensors: "${name}" is reserved; rename it`);
    return [name, { dtype: type, shape: array.shape, data_offsets: [end, end += array.data.byteLength] }];
  });
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(start + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.fill(0x20, 8, start).set(text, 8);
  let at = start;
  for (const { array } of sorted) {
    bytes.set(array.bytes, at);
    at += array.data.byteLength;
  }
  return bytes;
}

function parseHeader(text: string): Tensor[] {
  let header: Json;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw damaged(`the header is not JSON: ${(cause as Error).message}`);
  }
  if (!isRecord(header) || !text.startsWith("{")) throw damaged("the header is not a JSON object");
  return Object.entries(header).filter(([name]) => name !== "__metadata__").map(([name, entry]) =>
    toTensor(name, entry)
  );
}

function toTensor(name: string, entry: Json): Tensor {
  const { dtype: type, shape, data_offsets: offsets } = isRecord(entry) ? entry : {};
  const pair = isShape(offsets) && offsets.length === 2 && offsets[0]! <= offsets[1]!;
  if (typeof type !== "string" || !isShape(shape) || !pair) {
    throw damaged(`the entry for "${name}" is ${JSON.stringify(entry).slice(0, 120)}`);
  }
  if (type !== "BF16" && !Object.hasOwn(names, type)) {
    throw new SyntaxError(
      `Cannot read safetensors: "${name}" is of type ${type}; known are ${order.join(", ")} and BF16: convert it`,
    );
  }
  const [begin, end] = offsets as [number, number];
  const expected = sizeOf(shape) * (type === "BF16" ? 2 : arrayTypes[names[type]!].BYTES_PER_ELEMENT);
  if (end - begin !== expected) {
    throw damaged(`"${name}", ${type} of shape [${shape}], takes ${expected} bytes, found ${end - begin}`);
  }
  return { name, type, shape, begin, end };
}

/** The tensors must fill the data: no gap, no overlap, nothing left over. */
function checkOffsets(tensors: readonly Tensor[], length: number): void {
  let at = 0;
  for (const { name, begin, end } of tensors.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) throw damaged(`"${name}" begins at byte ${begin}, the tensor before it ends at ${at}`);
    at = end;
  }
  if (at !== length) throw damaged(`the tensors take ${at} bytes, found ${length}`);
}

function toArray({ type, shape, begin, end }: Tensor, data: Uint8Array): NDArray {
  const buffer = ownBuffer(data.subarray(begin, end));
  return type === "BF16" ? fromHalves(shape, new Uint16Array(buffer)) : fromBuffer(names[type]!, shape, buffer);
}

/** A BF16 is the upper half of a float32. */
function fromHalves(shape: readonly number[], halves: Uint16Array): NDArray {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < bits.length; i++) bits[i] = halves[i]! << 16;
  return new NDArray("float32", shape, new Float32Array(bits.buffer));
}

const damaged = (what: string) =>
  new SyntaxError(`Cannot read safetensors: ${what}; the file is cut off, damaged, or of another format`);
