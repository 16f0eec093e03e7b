import type { ByteSource } from "./byte_source.ts";
import type { NDArray } from "./ndarray.ts";
import type { Value } from "./value.ts";

/** The arrays of a file by name, each read when asked for. */
export interface Archive {
  readonly names: readonly string[];
  /** @throws {RangeError} there is none of this name */
  read(name: string): Promise<NDArray>;
  close(): void;
}

/** How a file is read block by block. */
export interface BlockOptions {
  /** Rows a block, or items along the first dimension; by default so many as make about 8 MiB, or less. */
  readonly rows?: number;
  /** Only the arrays, or columns, of these names; a codec that takes no notice of it gives all. */
  readonly only?: readonly string[];
}

/** A file format: two functions, and what it can hold. */
export interface Codec {
  /**
   * `values`: any Value. `arrays`: a record of name to NDArray, and nothing else. `array`: one NDArray. `rows`: a list of
   * flat records with the same keys.
   */
  readonly holds: "values" | "arrays" | "array" | "rows";
  /** @throws {SyntaxError} bytes that are not this format, or are damaged */
  parse(bytes: Uint8Array): Value | Promise<Value>;
  /** @throws {TypeError} a value that this format can't hold, named by its path */
  stringify(value: Value): Uint8Array | Promise<Uint8Array>;
  /** What stands between the names of a path in the name of an array; a dot, unless the format has its own. */
  readonly separator?: string;
  /**
   * What `parse` gives, read from where the bytes lie, where that spares a copy of all of them. The source stays the
   * caller's to close.
   */
  read?(source: ByteSource): Promise<Value>;
  /**
   * What `stringify` gives, in parts to be written one after the other, where that spares a copy of all of them. They
   * may be views of the value's arrays: leave those as they are until the parts are written.
   */
  parts?(value: Value): readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /**
   * A table by its columns, as the file has them: numbers as NDArrays, other cells as lists. So no object is made for
   * each row. The source stays the caller's to close.
   */
  columns?(
    source: ByteSource,
    options?: { readonly only?: readonly string[] },
  ): Promise<Record<string, NDArray | readonly Value[]>>;
  /** Reads some of its arrays without the rest of the file. The source stays the caller's to close. */
  open?(source: ByteSource): Promise<Archive>;
  /**
   * Reads it from the front in blocks, in bounded memory: lists of rows; or, where it holds arrays, records of them (or
   * one) cut along their first dimension. The source stays the caller's to close.
   */
  blocks?(source: ByteSource, options?: BlockOptions): AsyncIterable<Value>;
}

/** One that answers at once. */
export interface SyncCodec extends Codec {
  parse(bytes: Uint8Array): Value;
  stringify(value: Value): Uint8Array;
}

/** Extension, without the dot, to a thunk that brings the codec: a format's package is loaded when first used. */
export const codecs = new Map<string, () => Promise<Codec>>();

/** A format's name, and how its first bytes tell it; so many of them are looked at. */
export interface Signature {
  readonly format: string;
  /** The extensions that files of it may have, without the dot; the first is the usual one. */
  readonly extensions: readonly string[];
  fits(head: Uint8Array): boolean;
}

/** The formats that are recognised by how they begin; text formats are not among them. */
export const signatures: Signature[] = [];

/** How many bytes of a file {@linkcode recognise} wants to see. */
export const headLength = 512;

/** What a file's first bytes tell of its format; undefined when they tell nothing. */
export const recognise = (head: Uint8Array): Signature | undefined => signatures.find(({ fits }) => fits(head));

/** A path's or URL's extension in lower case, without the dot. */
export function extensionOf(path: string | URL): string {
  const name = nameOf(path);
  return name.includes(".") ? name.split(".").at(-1)!.toLowerCase() : "";
}

/**
 * The codec for a path or URL, by its extension; with the file's first bytes, also by what they tell.
 *
 * @throws {TypeError} an unknown extension, listing those known
 * @throws {SyntaxError} first bytes of another format than the extension's, naming the right one
 */
export async function codecFor(path: string | URL, head: Uint8Array = new Uint8Array()): Promise<Codec> {
  const extension = extensionOf(path), found = recognise(head);
  const load = codecs.get(extension) ?? codecs.get(found?.extensions[0] ?? "");
  if (load === undefined) {
    throw new TypeError(
      `Cannot find a codec for "${nameOf(path)}": unknown extension ".${extension}"; known are ${
        [...codecs.keys()].map((key) => `.${key}`).join(", ")
      }`,
    );
  }
  if (found !== undefined && codecs.has(extension) && !found.extensions.includes(extension)) {
    const [right] = found.extensions, name = right === "gz" ? `"${nameOf(path)}.gz"` : `.${right}`;
    throw new SyntaxError(
      `Cannot read "${nameOf(path)}" as .${extension}: it is a file of ${found.format}; name it ${name}`,
    );
  }
  return await load();
}

const nameOf = (path: string | URL): string => (path instanceof URL ? path.pathname : path).split(/[\\/]/).at(-1)!;
