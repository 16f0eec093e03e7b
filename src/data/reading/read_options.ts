import { suggest } from "../../module/text.ts";

/** Names of arrays, or columns. */
type Names = string | readonly string[];

/** How files of data are read. */
export interface ReadOptions {
  /** Of a table: a list of rows (by default), or its columns by name: NDArrays where they are numbers, else lists. */
  readonly as?: "rows" | "columns";
  /** Only the arrays, or columns, of these names. Where the format allows it the rest of the file is not read. */
  readonly only?: Names;
  /**
   * What a pattern gives: true for one table or one set of arrays, and an error where the files are not alike; false for
   * a record by path. By default whichever of the two fits.
   */
  readonly join?: boolean;
  /** Most bytes that are read, of all files together; 2 GiB by default. */
  readonly maxBytes?: number;
}

/** How files of data are read block by block. */
export interface StreamOptions {
  /** Rows a block, or items along the first dimension; by default so many as make about 8 MiB, or less. */
  readonly rows?: number;
  /** Only the arrays, or columns, of these names. */
  readonly only?: Names;
  /** Most bytes of a file whose format can't be read in parts, and is read whole; 64 MiB by default. */
  readonly maxBytes?: number;
}

/** 2 GiB. */
export const mostBytes = 2 ** 31;
/** 64 MiB. */
export const mostBytesAtOnce = 2 ** 26;

const readKeys = ["as", "only", "join", "maxBytes"], streamKeys = ["rows", "only", "maxBytes"];

/** Options whose names are in a list. */
export type Listed<O> = Omit<O, "only"> & { readonly only?: readonly string[] };

/** The same with all names in a list. @throws {TypeError} an option that there is none of */
export const readOptions = (options: ReadOptions): Listed<ReadOptions> => listed(options, readKeys, "read data");

/** The same with all names in a list. @throws {TypeError} an option that there is none of */
export const streamOptions = (options: StreamOptions): Listed<StreamOptions> =>
  listed(options, streamKeys, "read data in blocks");

function listed<O extends { readonly only?: Names }>(options: O, known: readonly string[], what: string): Listed<O> {
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new TypeError(`Cannot ${what}: there is no option "${unknown}"; ${suggest(unknown, known)}`);
  }
  return { ...options, only: options.only === undefined ? undefined : [options.only].flat() };
}
