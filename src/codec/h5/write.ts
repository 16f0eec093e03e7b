import { Buffer } from "node:buffer";
import type { DType, NDArray } from "../../module/ndarray.ts";
import { checksum } from "./checksum.ts";

/** Where nothing is. */
const nowhere = 2n ** 64n - 1n;
const superblockSize = 48;

/** A folder of the file: groups and arrays by the last part of their name. */
type Group = Map<string, Group | NDArray>;

/**
 * Arrays as the parts of an HDF5 file, one after the other; data are views of the arrays. Each name of a path but the last
 * is a group. Data lie contiguous and without filters; half floats are HDF5's own 16-bit floats, booleans the enumeration
 * that h5py writes. Equal arrays give equal bytes, whatever their order.
 *
 * Written here since h5wasm, which reads, writes neither half floats nor enumerations. Objects have version 2 headers,
 * links lie in them: libhdf5 reads that from version 1.8 on.
 *
 * @param arrays by paths whose parts are not empty; none is a part of another
 * @see https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
 */
export function writeFile(arrays: Iterable<readonly [path: readonly string[], array: NDArray]>): Uint8Array[] {
  const root: Group = new Map();
  for (const [path, array] of arrays) {
    let group = root;
    for (const part of path.slice(0, -1)) {
      if (!group.has(part)) group.set(part, new Map());
      group = group.get(part) as Group;
    }
    group.set(path.at(-1)!, array);
  }
  const file = new Pieces();
  const address = placeGroup(root, file);
  return [superblock(address, file.end), ...file.pieces];
}

/** What follows the superblock, each piece at a multiple of 8. */
class Pieces {
  readonly pieces: Uint8Array[] = [];
  end = superblockSize;

  /** @returns where the bytes lie */
  place(bytes: Uint8Array): bigint {
    const gap = -this.end & 7, at = this.end + gap;
    this.pieces.push(new Uint8Array(gap), bytes);
    this.end = at + bytes.length;
    return BigInt(at);
  }
}

function placeGroup(group: Group, file: Pieces): bigint {
  const links = [...group].sort(([a], [b]) => a < b ? -1 : 1).map(([name, item]) => {
    return message(6, link(name, item instanceof Map ? placeGroup(item, file) : placeArray(item, file)));
  });
  // Links lie here and not in a heap; no estimates of how many there will be.
  const linkInfo = message(2, bytes(0, 0), u64(nowhere), u64(nowhere)), groupInfo = message(10, bytes(0, 0));
  return file.place(objectHeader([linkInfo, groupInfo, ...links]));
}

function placeArray(array: NDArray, file: Pieces): bigint {
  const size = array.data.byteLength;
  const at = size === 0 ? nowhere : file.place(array.bytes);
  return file.place(objectHeader([
    message(1, dataspace(array.shape)),
    message(3, datatype(array.dtype)),
    message(5, bytes(3, 0x0a)), // what was never written is zero
    message(8, bytes(3, 1), u64(at), u64(BigInt(size))), // contiguous
  ]));
}

/** The first bytes of the file, version 2. */
function superblock(root: bigint, end: number): Uint8Array {
  const signature = [0x89, ...Buffer.from("HDF\r\n\x1a\n", "latin1")];
  return checked(join(bytes(...signature, 2, 8, 8, 0), u64(0n), u64(nowhere), u64(BigInt(end)), u64(root)));
}

/** Version 2, its length in four bytes. */
function objectHeader(messages: Uint8Array[]): Uint8Array {
  const all = join(...messages);
  return checked(join(Buffer.from("OHDR"), bytes(2, 2), u32(all.length), all));
}

const message = (type: number, ...parts: Uint8Array[]): Uint8Array => {
  const data = join(...parts);
  return join(bytes(type), u16(data.length), bytes(0), data);
};

/** A hard link, its name UTF-8 with a length of two bytes. */
function link(name: string, address: bigint): Uint8Array {
  const text = Buffer.from(name);
  return join(bytes(1, 0x11, 1), u16(text.length), text, u64(address));
}

function dataspace(shape: readonly number[]): Uint8Array {
  return join(bytes(2, shape.length, 0, shape.length === 0 ? 0 : 1), ...shape.map((length) => u64(BigInt(length))));
}

const floats: Partial<Record<DType, readonly [exponentAt: number, exponentBits: number, bias: number]>> = {
  float16: [10, 5, 15],
  float32: [23, 8, 127],
  float64: [52, 11, 1023],
};

function datatype(dtype: DType): Uint8Array {
  if (dtype === "bool") return booleans();
  const float = floats[dtype], bits = Number(/\d+/.exec(dtype)![0]);
  if (float === undefined) return integers(bits, dtype.startsWith("int"));
  const [exponentAt, exponentBits, bias] = float;
  // The sign is the highest bit, the mantissa's leading one is not stored.
  const layout = join(u16(0), u16(bits), bytes(exponentAt, exponentBits, 0, exponentAt), u32(bias));
  return join(bytes(0x11, 0x20, bits - 1, 0), u32(bits / 8), layout);
}

const integers = (bits: number, signed: boolean): Uint8Array =>
  join(bytes(0x10, signed ? 8 : 0, 0, 0), u32(bits / 8), u16(0), u16(bits));

/** An enumeration over 8-bit integers: FALSE is 0, TRUE is 1. */
const booleans = (): Uint8Array =>
  join(bytes(0x38, 2, 0, 0), u32(1), integers(8, true), Buffer.from("FALSE\0TRUE\0"), bytes(0, 1));

/** With the checksum of all that comes before it. */
const checked = (block: Uint8Array): Uint8Array => join(block, u32(checksum(block)));

const join = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const u16 = (value: number): Uint8Array => new Uint8Array(Uint16Array.of(value).buffer);
const u32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
const u64 = (value: bigint): Uint8Array => new Uint8Array(BigUint64Array.of(value).buffer);
