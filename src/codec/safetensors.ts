import type { ByteSource } from "../module/byte_source.ts";
import type { Archive, Codec } from "../module/codec.ts";
import { arrayTypes, type DType, NDArray, sizeOf } from "../module/ndarray.ts";
import { isRecord, type Json } from "../module/value.ts";
import { type ArrayReader, cutTogether } from "./array_blocks.ts";
import { archiveOf, type Arrays, fromBuffer, givenBuffer, isShape, ownBuffer, toArrays } from "./arrays.ts";
import { joined } from "./forward.ts";
import { readBytes, type Reading, readSource, viewOf } from "./reading.ts";
import { brief, decodeText } from "./values.ts";

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
  /** Its bytes' places: in the header from the header's end, later from the file's beginning. */
  begin: number;
  end: number;
}

/** Bytes of an element of a type that is read; undefined for others, of which the places alone are known. */
const widthOf = (type: string): number | undefined =>
  type === "BF16" ? 2 : Object.hasOwn(names, type) ? arrayTypes[names[type]!].BYTES_PER_ELEMENT : undefined;

/** @throws {SyntaxError} a tensor of a type that an NDArray lacks */
function checkType({ name, type }: Tensor): void {
  if (widthOf(type) !== undefined) return;
  throw new SyntaxError(
    `Cannot read safetensors: "${brief(name)}" is of type ${brief(type)}; known are ${order.join(", ")} and BF16: ` +
      'convert it, or name the others in "only"',
  );
}

/** NDArrays by name as safetensors: a JSON header and the bytes. BF16 is read as float32; metadata are dropped. */
export const safetensors: { parse: typeof parse; stringify(value: unknown): Uint8Array } & Codec = {
  holds: "arrays",
  parse,
  stringify: (value) => stringify(toArrays(value, "safetensors")),
  read: async (source) => {
    const tensors = await readSource(source, readHeader(source.size)), arrays: [string, NDArray][] = [];
    tensors.forEach(checkType);
    for (const tensor of tensors) arrays.push([tensor.name, await readTensor(tensor, source)]);
    return Object.fromEntries(arrays);
  },
  parts: (value) => parts(toArrays(value, "safetensors")),
  open,
  blocks: async function* (source, options) {
    const tensors = await readSource(source, readHeader(source.size));
    yield* cutTogether(
      new Map(tensors.map((tensor) => [tensor.name, readerOf(tensor, source)])),
      "safetensors",
      options,
    );
  },
};

/**
 * The arrays in a safetensors file, each with a buffer of its own.
 *
 * @see https://github.com/huggingface/safetensors#format
 * @throws {SyntaxError} a damaged file, a type that an NDArray lacks
 */
export function parse(bytes: Uint8Array): Arrays {
  const tensors = readBytes(bytes, readHeader(bytes.length));
  tensors.forEach(checkType);
  return Object.fromEntries(
    tensors.map((tensor) => [tensor.name, toArray(tensor, ownBuffer(bytes.subarray(tensor.begin, tensor.end)))]),
  );
}

/**
 * The arrays as a safetensors file: the wider types first, then by name, so that every one is aligned. Equal arrays give
 * equal bytes, those that the reference implementation writes.
 *
 * @throws {TypeError} an array named `__metadata__`
 */
export const stringify = (arrays: Arrays): Uint8Array => joined(parts(arrays));

/** The header, and each array's own bytes. */
function parts(arrays: Arrays): Uint8Array[] {
  const sorted = Object.entries(arrays).map(([name, array]) => ({ name, array, type: nameOfType[array.dtype]! }));
  sorted.sort((a, b) => order.indexOf(b.type) - order.indexOf(a.type) || (a.name < b.name ? -1 : 1));
  let end = 0;
  const header = sorted.map(({ name, array, type }) => {
    if (name === "__metadata__") throw new TypeError(`Cannot write safetensors: "${name}" is reserved; rename it`);
    return [name, { dtype: type, shape: array.shape, data_offsets: [end, end += array.data.byteLength] }];
  });
  const text = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const head = new Uint8Array(8 + Math.ceil(text.length / 8) * 8).fill(0x20);
  viewOf(head).setBigUint64(0, BigInt(head.length - 8), true);
  head.set(text, 8);
  return [head, ...sorted.map(({ array }) => array.bytes)];
}

/** The arrays one by one: only the header is read before. */
async function open(source: ByteSource): Promise<Archive> {
  const tensors = await readSource(source, readHeader(source.size));
  const places = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  return archiveOf(places, "safetensors", (tensor) => readTensor(tensor, source));
}

async function readTensor(tensor: Tensor, source: ByteSource): Promise<NDArray> {
  checkType(tensor);
  const bytes = await source.read(tensor.begin, tensor.end);
  if (bytes.length === tensor.end - tensor.begin) return toArray(tensor, givenBuffer(bytes));
  throw damaged(`"${brief(tensor.name)}" ends at byte ${tensor.end}, the file before it`);
}

/** A tensor of a file, its items from front to back. */
function readerOf(tensor: Tensor, source: ByteSource): ArrayReader {
  const { type, shape: [length = 1, ...item], begin, end } = tensor, width = (end - begin) / Math.max(1, length);
  let at = 0;
  return {
    layout: { dtype: Object.hasOwn(names, type) ? names[type]! : "float32", shape: tensor.shape },
    next: async (items) => {
      checkType(tensor);
      const from = at;
      at = Math.min(length, at + items);
      const bytes = await source.read(begin + from * width, begin + at * width);
      if (bytes.length < (at - from) * width) {
        throw damaged(`"${brief(tensor.name)}" ends at byte ${end}, the file before it`);
      }
      return toArray({ type, shape: [at - from, ...item] }, givenBuffer(bytes));
    },
  };
}

/** What the header of a file of so many bytes tells: the tensors, in places that fill the file. */
function* readHeader(size: number): Reading<Tensor[]> {
  const head = yield [0, 8];
  const length = head.length < 8 ? NaN : Number(viewOf(head).getBigUint64(0, true));
  if (!(length <= Math.min(maxHeader, size - 8))) {
    throw damaged(`the header should take ${length} bytes, the file has ${size}`);
  }
  const start = 8 + length;
  const tensors = parseHeader(decodeText(yield [8, start], "safetensors"));
  checkOffsets(tensors, size - start);
  return tensors.map((tensor) => ({ ...tensor, begin: start + tensor.begin, end: start + tensor.end }));
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
    throw damaged(`the entry for "${brief(name)}" is ${JSON.stringify(entry).slice(0, 120)}`);
  }
  const [begin, end] = offsets as [number, number], width = widthOf(type);
  const expected = width === undefined ? end - begin : sizeOf(shape) * width;
  if (end - begin !== expected) {
    throw damaged(`"${brief(name)}", ${type} of shape [${shape}], takes ${expected} bytes, found ${end - begin}`);
  }
  return { name, type, shape, begin, end };
}

/** The tensors must fill the data: no gap, no overlap, nothing left over. */
function checkOffsets(tensors: readonly Tensor[], length: number): void {
  let at = 0;
  for (const { name, begin, end } of tensors.toSorted((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at) throw damaged(`"${brief(name)}" begins at byte ${begin}, the tensor before it ends at ${at}`);
    at = end;
  }
  if (at !== length) throw damaged(`the tensors take ${at} bytes, found ${length}`);
}

function toArray({ type, shape }: Pick<Tensor, "type" | "shape">, buffer: ArrayBuffer): NDArray {
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
