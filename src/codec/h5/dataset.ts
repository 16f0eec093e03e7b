import type { DType } from "../../module/ndarray.ts";
import { swapBytes } from "../array_bytes.ts";
import { brief } from "../values.ts";
import type { Library, Metadata } from "./library.ts";

/** libhdf5's file, open, with the library that opened it. */
export interface OpenFile {
  readonly library: Library;
  readonly file: bigint;
}

/** The elements of a dataset: little-endian numbers, or texts in row-major order. */
export type Elements = { readonly dtype: DType; readonly buffer: ArrayBuffer } | { readonly texts: string[] };

/** What a dataset holds. */
export interface DatasetKind {
  /** null for an empty dataspace. */
  readonly shape: number[] | null;
  /** Absent for text. */
  readonly dtype?: DType;
  /** Bytes of one element, of variable text those of its place. */
  readonly width: number;
  readonly metadata: Metadata;
}

/** Filters that libhdf5 has built in: deflate, shuffle, fletcher32, nbit, scaleoffset. */
const knownFilters = [1, 2, 3, 5, 6];
/** libhdf5's classes of types. */
const integer = 0, float = 1, text = 3, bits = 4, compound = 6, enumeration = 8, list = 10;
const classes = ["", "", "times", "", "", "opaque bytes", "", "references", "", "lists of any length"];
/** Most bytes read at once. */
const slabBytes = 2 ** 26;

/** What a dataset holds, without reading it. @throws {SyntaxError} what is not read here, in words */
export function kindOf({ library, file }: OpenFile, path: string): DatasetKind {
  const metadata = library.get_dataset_metadata(file, path);
  if (metadata.virtual_sources !== undefined) throw new SyntaxError("it is put together from other files");
  const filter = library.get_dataset_filters(file, path).find(({ id }) => !knownFilters.includes(id));
  if (filter !== undefined) {
    throw new SyntaxError(`it is packed by the filter "${filter.name}" (${filter.id}); write it with gzip or without`);
  }
  const { shape } = metadata;
  if (metadata.type === text) return { shape, width: metadata.size, metadata };
  if (metadata.type !== list) return { shape, dtype: dtypeOf(metadata), width: metadata.size, metadata };
  const inner = metadata.array_type!;
  return { shape: [...shape ?? [], ...inner.shape!], dtype: dtypeOf(inner), width: inner.size, metadata };
}

/** Whether the elements come in big-endian order: the library turns all but enumerations. */
const isTurned = ({ type, littleEndian }: Metadata): boolean => type === enumeration && !littleEndian;

function dtypeOf({ type, size, signed, enum_type, compound_type }: Metadata): DType {
  if (type === float && [2, 4, 8].includes(size)) return `float${size * 8 as 16 | 32 | 64}`;
  const members = Object.keys(enum_type?.members ?? {}).sort().join();
  if (type === enumeration && size === 1 && members === "FALSE,TRUE") return "bool"; // as h5py writes it
  if ([integer, bits, enumeration].includes(type) && [1, 2, 4, 8].includes(size)) {
    return `${signed && type !== bits ? "int" : "uint"}${size * 8 as 8 | 16 | 32 | 64}`;
  }
  const what = type === compound ? compounds(compound_type!) : classes[type] || `numbers of ${size} bytes`;
  throw new SyntaxError(`it holds ${what}, which an NDArray lacks; write it in another type`);
}

function compounds({ members }: NonNullable<Metadata["compound_type"]>): string {
  const names = members.map(({ name }) => name).join(", ");
  return names === "r, i" ? "complex numbers" : `compounds of ${brief(names)}`;
}

/** All of a dataset, in parts of bounded size. @throws {SyntaxError} damaged data */
export function readDataset(open: OpenFile, path: string, kind: DatasetKind): Elements {
  if (kind.dtype === undefined) return { texts: readTexts(open, path, kind) };
  const { metadata: { shape, size } } = kind, [rows = 1, ...below] = shape!;
  const rowBytes = size * below.reduce((product, length) => product * length, 1);
  const whole = new Uint8Array(rows * rowBytes);
  const step = Math.max(1, Math.floor(slabBytes / rowBytes));
  for (let row = 0; row < rows && rowBytes > 0; row += step) {
    const count = Math.min(step, rows - row);
    const slab = shape!.length === 0 || count === rows ? undefined : { start: [row], count: [count, ...below] };
    withMemory(open.library, count * rowBytes, (at) => {
      readInto(open, path, at, slab);
      whole.set(open.library.HEAPU8.subarray(at, at + count * rowBytes), row * rowBytes);
    });
  }
  if (isTurned(kind.metadata)) swapBytes(whole.buffer, kind.width);
  return { dtype: kind.dtype, buffer: whole.buffer };
}

function readTexts(open: OpenFile, path: string, { metadata }: DatasetKind): string[] {
  const { size, total_size: count, vlen, strpad } = metadata, { library, file } = open;
  const textFrom = (from: number, to?: number) => {
    const zero = library.HEAPU8.subarray(from, to).indexOf(0);
    const all = textOf(library.HEAPU8.slice(from, zero < 0 ? to : from + zero));
    return strpad === 2 ? all.replace(/ +$/, "") : all; // padded with spaces, as Fortran does
  };
  return withMemory(library, size * count, (at) => {
    library.HEAPU8.fill(0, at, at + size * count);
    readInto(open, path, at);
    const places = Array.from({ length: count }, (_, i) => at + i * size);
    if (!vlen) return places.map((place) => textFrom(place, place + size));
    const pointers = new DataView(library.HEAPU8.buffer);
    const addresses = places.map((place) => pointers.getUint32(place, true));
    const texts = addresses.map((address) => address === 0 ? "" : textFrom(address));
    library.reclaim_vlen_memory(file, path, "", BigInt(at));
    return texts;
  });
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SyntaxError(
      'it holds text that is not UTF-8; write it as UTF-8, or as uint8, or name the others in "only"',
    );
  }
}

function readInto({ library, file }: OpenFile, path: string, at: number, slab?: { start: number[]; count: number[] }) {
  const count = slab?.count.map(BigInt) ?? null;
  const start = count?.map((_, i) => BigInt(slab!.start[i] ?? 0)) ?? null;
  const status = library.get_dataset_data(file, path, count, start, count?.map(() => 1n) ?? null, BigInt(at));
  if (status < 0) throw new SyntaxError("its data are damaged, or lie in another file");
}

/** Some of the library's memory, for as long as it is worked on. */
function withMemory<T>(library: Library, bytes: number, work: (at: number) => T): T {
  const at = library._malloc(Math.max(8, bytes));
  if (at === 0) throw new RangeError(`it takes ${bytes} bytes, more than there are`);
  const result = work(at);
  library._free(at);
  return result;
}
