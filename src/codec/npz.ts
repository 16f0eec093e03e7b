import type { ByteSource } from "../module/byte_source.ts";
import type { Archive, Codec } from "../module/codec.ts";
import type { NDArray } from "../module/ndarray.ts";
import { type ArrayReader, arrayReader, cutTogether } from "./array_blocks.ts";
import { archiveOf, type Arrays, toArrays } from "./arrays.ts";
import { joined } from "./forward.ts";
import * as npy from "./npy.ts";
import { readForward, readSource } from "./reading.ts";
import { checkSize, readEntry, unzip } from "./zip/unzip.ts";
import { type Entry, readDirectory } from "./zip/directory.ts";
import { brief } from "./values.ts";
import { unpacking } from "./zip/forward.ts";
import { zipParts } from "./zip/parts.ts";

/** Bounds for {@linkcode parse}. */
export interface NpzOptions {
  /** Most bytes that the arrays may take once unpacked. */
  maxBytes: number;
}

/** Archives of so small arrays are read at once: to go to each of them takes longer than to copy it. */
const small = 2 ** 18;

/** 2 GiB. */
export const defaults: Readonly<NpzOptions> = { maxBytes: 2 ** 31 };

/** NDArrays by name as numpy's `.npz`: a zip archive of `.npy` files. Reads compressed ones, writes without compression. */
export const npz: { parse(bytes: Uint8Array): Arrays; stringify(value: unknown): Uint8Array } & Codec = {
  holds: "arrays",
  parse: (bytes) => parse(bytes),
  stringify: (value) => stringify(toArrays(value, "npz")),
  read,
  parts: (value) => parts(toArrays(value, "npz")),
  open,
  blocks: async function* (source, options) {
    const readers = new Map<string, ArrayReader>(), members = await membersOf(source);
    for (const [name, entry] of members) readers.set(name, await openMember(source, entry, members.size));
    yield* cutTogether(readers, "npz", options);
  },
};

/**
 * The arrays in a `.npz` file, by name.
 *
 * @throws {SyntaxError} a damaged file, an unsafe name, what is not an array; @throws {RangeError} one over `maxBytes`
 */
export function parse(bytes: Uint8Array, { maxBytes }: NpzOptions = defaults): Arrays {
  const files = [...unzip(bytes, maxBytes)].filter(([file]) => !isFolder(file));
  return Object.fromEntries(files.map(([file, data]) => [nameOf(file), about(file, () => npy.parse(data))]));
}

/** The arrays as a `.npz` file. Equal arrays give equal bytes. @throws {TypeError} an unsafe name */
export const stringify = (arrays: Arrays): Uint8Array => joined(parts(arrays));

function parts(arrays: Arrays): Uint8Array[] {
  const files = Object.entries(arrays).map(([name, array]) => {
    const file = `${name}.npy`;
    if (!isSafe(file)) throw new TypeError(`Cannot write npz: name "${name}" leads out of the archive; rename it`);
    return [file, npy.parts(array)] as const;
  });
  const total = Object.values(arrays).reduce((sum, { data }) => sum + data.byteLength, 0);
  if (total >= 0xfff00000 || files.length >= 0xffff) {
    throw new RangeError(
      `Cannot write npz: ${files.length} arrays of ${total} bytes; a zip holds 65534 files and 4 GiB: use .safetensors`,
    );
  }
  return zipParts(files);
}

/** The same as {@linkcode parse}; what is stored, not packed, is read to where it stays. */
async function read(source: ByteSource): Promise<Arrays> {
  const members = await membersOf(source), arrays: [string, NDArray][] = [];
  checkSize(members.values(), defaults.maxBytes);
  if (source.size < small * members.size) return parse(await source.read(0, source.size));
  for (const [name, entry] of members) {
    const array = entry.method === 0 ? await (await openMember(source, entry)).next(Infinity) : undefined;
    arrays.push([name, array ?? await readMember(source, entry)]);
  }
  return Object.fromEntries(arrays);
}

async function readMember(source: ByteSource, entry: Entry): Promise<NDArray> {
  const bytes = await readSource(source, readEntry(entry, source.size));
  return about(entry.name, () => npy.parse(bytes));
}

/** The archive's arrays by name, each as the directory tells of it. */
async function membersOf(source: ByteSource): Promise<Map<string, Entry>> {
  const entries = await readSource(source, readDirectory(source.size));
  const files = [...entries].filter(([file]) => !isFolder(file));
  return new Map(files.map(([file, entry]) => [nameOf(file), entry]));
}

/** The arrays one by one: only the directory is read before. */
async function open(source: ByteSource): Promise<Archive> {
  return archiveOf(await membersOf(source), "npz", (entry) => {
    checkSize([entry], defaults.maxBytes);
    return readMember(source, entry);
  });
}

/** An archive's array, from front to back. */
async function openMember(source: ByteSource, entry: Entry, sideBySide = 1): Promise<ArrayReader> {
  const bytes = await unpacking(source, entry, sideBySide);
  const start = await readForward(bytes, npy.readStart(entry.size)).catch((cause) => {
    throw unreadable(entry.name, cause);
  });
  return arrayReader(start, bytes, `npz: "${brief(entry.name)}"`);
}

/** Whose archives are of the same kind, and what to do with them. */
const others: readonly [file: RegExp, mend: string][] = [
  [
    /^(metadata|config)\.json$|weights\.h5$/,
    'it is a model of Keras: write its weights by save_weights("x.weights.h5")',
  ],
  [/(^|\/)data\.pkl$/, "it is a file of PyTorch: save its tensors as .safetensors"],
];

/** Whether an entry is only the name of a folder, as archivers make them. */
const isFolder = (file: string): boolean => file.endsWith("/");

/** An array's name: its file's, without the ending. @throws {SyntaxError} an unsafe one, and what is not a `.npy` file */
function nameOf(file: string): string {
  if (!isSafe(file)) throw new SyntaxError(`Cannot read npz: "${brief(file)}" leads out of the archive; rename it`);
  if (!file.endsWith(".npy")) {
    const mend = others.find(([pattern]) => pattern.test(file))?.[1] ?? "save NDArrays with numpy.savez";
    throw new SyntaxError(`Cannot read npz: it holds "${brief(file)}", which is not a .npy file; ${mend}`);
  }
  return file.slice(0, -".npy".length);
}

function about<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

const unreadable = (file: string, cause: unknown) =>
  new SyntaxError(
    `Cannot read npz: "${brief(file)}" can't be read: ${messageOf(cause)}, or name the others in "only"`,
    { cause },
  );

/** What is wrong, without which format it is wrong in: that is said before. */
const messageOf = (cause: unknown): string => (cause as Error).message.replace(/^Cannot read npy: /, "");

/** Whether a name would stay inside the folder if someone unpacked the archive. */
const isSafe = (name: string): boolean =>
  !/^[/\\]|^[a-z]:|\\|\0/i.test(name) && !name.split("/").some((part) => part === ".." || part === ".");
