import { zipSync } from "fflate";
import type { SyncCodec } from "../module/codec.ts";
import { type Arrays, toArrays } from "./arrays.ts";
import * as npy from "./npy.ts";
import { unzip } from "./unzip.ts";

/** Bounds for {@linkcode parse}. */
export interface NpzOptions {
  /** Most bytes that the arrays may take once unpacked. */
  maxBytes: number;
}

/** 2 GiB. */
export const defaults: Readonly<NpzOptions> = { maxBytes: 2 ** 31 };

/** NDArrays by name as numpy's `.npz`: a zip archive of `.npy` files. Reads compressed ones, writes without compression. */
export const npz: SyncCodec = {
  holds: "arrays",
  parse: (bytes) => parse(bytes),
  stringify: (value) => stringify(toArrays(value, "npz")),
};

/**
 * The arrays in a `.npz` file, by name.
 *
 * @throws {SyntaxError} a damaged file, an unsafe name, what is not an array; @throws {RangeError} one over `maxBytes`
 */
export function parse(bytes: Uint8Array, { maxBytes }: NpzOptions = defaults): Arrays {
  const files = [...unzip(bytes, maxBytes)];
  return Object.fromEntries(files.map(([file, data]) => {
    if (!isSafe(file)) throw new SyntaxError(`Cannot read npz: "${file}" leads out of the archive; rename it`);
    if (!file.endsWith(".npy")) throw new SyntaxError(`Cannot read npz: it holds "${file}", which is not a .npy file`);
    return [file.slice(0, -".npy".length), parseFile(file, data)];
  }));
}

/** The arrays as a `.npz` file. Equal arrays give equal bytes. @throws {TypeError} an unsafe name */
export function stringify(arrays: Arrays): Uint8Array {
  const files = Object.entries(arrays).map(([name, array]) => {
    const file = `${name}.npy`;
    if (!isSafe(file)) throw new TypeError(`Cannot write npz: name "${name}" leads out of the archive; rename it`);
    return [file, npy.stringify(array)] as const;
  });
  const total = files.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  if (total >= 0xffff0000 || files.length >= 0xffff) {
    throw new RangeError(
      `Cannot write npz: ${files.length} arrays of ${total} bytes; a zip holds 65534 files and 4 GiB: use .safetensors`,
    );
  }
  return zipSync(Object.fromEntries(files), { level: 0, mtime: new Date(1980, 0, 1) });
}

function parseFile(file: string, bytes: Uint8Array) {
  try {
    return npy.parse(bytes);
  } catch (cause) {
    throw new SyntaxError(`Cannot read npz: "${file}" is not readable: ${(cause as Error).message}`, { cause });
  }
}

/** Whether a name would stay inside the folder if someone unpacked the archive. */
const isSafe = (name: string): boolean =>
  !/^[/\\]|^[a-z]:|\\|\0/i.test(name) && !name.split("/").some((part) => part === ".." || part === ".");
