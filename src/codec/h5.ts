import { Buffer } from "node:buffer";
import { type ByteSource, sourceOf } from "../module/byte_source.ts";
import type { Archive, Codec } from "../module/codec.ts";
import { NDArray } from "../module/ndarray.ts";
import type { Value } from "../module/value.ts";
import { fromBuffer, toArrays } from "./arrays.ts";
import { pathOf } from "./h5/names.ts";
import { H5File } from "./h5/thread.ts";
import type { H5Entry } from "./h5/worker.ts";
import { writeFile } from "./h5/write.ts";

/** Bounds for {@linkcode read}. */
export interface H5Options {
  /** Most bytes that what is read may take. */
  maxBytes: number;
  /** How long nothing may happen, in milliseconds: libhdf5 can run for ever on damaged files. */
  patience: number;
}

/** 2 GiB, and 20 s. */
export const defaults: Readonly<H5Options> = { maxBytes: 2 ** 31, patience: 20_000 };

/** Deflate packs at most so many bytes into one; less is read without looking at it. */
const deflateRatio = 1032, harmless = 2 ** 26;

/** libhdf5's bound. */
const maxRank = 32;

/**
 * NDArrays by name as HDF5: the parts of a name between slashes are groups. Of files from elsewhere, texts come as texts,
 * an empty dataspace as null, and Keras's weights under the names of their layers. libhdf5, by h5wasm, reads them, in a
 * thread of its own.
 *
 * @example
 * ```ts
 * import { codecFor, NDArray } from "ptutils";
 * const h5 = await codecFor("weights.h5");
 * const bytes = await h5.stringify({ "dense/kernel": new NDArray("float16", [2], [1, 2]) });
 * const read = await h5.parse(bytes) as Record<string, NDArray>;
 * if (read["dense/kernel"]!.data[1] !== 2) throw new Error("unexpected");
 * ```
 */
export const h5: Codec = {
  holds: "arrays",
  separator: "/",
  parse: (bytes) => read(sourceOf(bytes)),
  read: (source) => read(source),
  stringify: (value) => new Uint8Array(Buffer.concat(parts(value))),
  parts,
  open,
};

/**
 * What lies in an HDF5 file, by name.
 *
 * @throws {SyntaxError} a damaged file, a type that an NDArray lacks, an unknown filter; @throws {RangeError} one over
 * `maxBytes`
 */
export async function read(source: ByteSource, options: Partial<H5Options> = {}): Promise<Record<string, Value>> {
  const { maxBytes, patience } = { ...defaults, ...options };
  const file = await H5File.open(source, patience);
  try {
    checkSizes(file.entries, source.size, maxBytes);
    const read: [string, Value][] = [];
    for (const entry of file.entries) read.push([entry.name, await readEntry(file, entry)]);
    return Object.fromEntries(read);
  } finally {
    file.close();
  }
}

/** Reads some of its arrays without the rest; those of a type that an NDArray lacks are not among the names. */
export async function open(source: ByteSource): Promise<Archive> {
  const file = await H5File.open(source, defaults.patience);
  const arrays = new Map(file.entries.filter(({ dtype, shape }) => dtype && shape).map((one) => [one.name, one]));
  return {
    names: [...arrays.keys()],
    read: async (name) => {
      const entry = arrays.get(name);
      if (entry === undefined) throw new RangeError(`Cannot read h5: it has no array "${name}"`);
      checkSizes([entry], source.size, defaults.maxBytes);
      return await readEntry(file, entry) as NDArray;
    },
    close: () => file.close(),
  };
}

/** @throws {TypeError} what is not a record of NDArrays, a name too long; @throws {RangeError} too many dimensions */
function parts(value: Value): Uint8Array[] {
  const arrays = toArrays(value, "h5"), names = new Set(Object.keys(arrays));
  return writeFile(
    Object.entries(arrays).map(([name, array]) => {
      if (array.shape.length <= maxRank) return [pathOf(name, names), array] as const;
      throw new RangeError(`Cannot write h5: "${name}" has ${array.shape.length} dimensions; HDF5 has ${maxRank}`);
    }),
  );
}

/** Before anything is read. */
function checkSizes(entries: readonly H5Entry[], fileBytes: number, maxBytes: number): void {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > maxBytes) {
    throw new RangeError(`Cannot read h5: it takes more than ${maxBytes} bytes; if you trust it, raise maxBytes`);
  }
  if (total > Math.max(harmless, fileBytes * deflateRatio)) {
    throw new RangeError(`Cannot read h5: it declares ${total} bytes, too many for a file of ${fileBytes}`);
  }
}

async function readEntry(file: H5File, entry: H5Entry): Promise<Value> {
  const { name, shape, problem } = entry;
  if (problem !== undefined) {
    const or = problem.includes(";") ? ", or" : ";";
    throw new SyntaxError(`Cannot read h5: "${name}" can't be read: ${problem}${or} name the others in "only"`);
  }
  if (shape === null) return null;
  const read = await file.read(entry);
  return "texts" in read ? nested(read.texts, shape) : fromBuffer(read.dtype, shape, read.buffer);
}

/** Texts in row-major order as lists of lists; a single one as itself. */
function nested(texts: readonly string[], shape: readonly number[]): Value {
  const [length, ...below] = shape;
  if (length === undefined) return texts[0]!;
  const width = texts.length / length;
  return Array.from({ length }, (_, i) => nested(texts.slice(i * width, (i + 1) * width), below));
}
