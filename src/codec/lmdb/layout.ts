/**
 * How LMDB lays out its file, on 64-bit machines with little-endian numbers: data format 1, of every release 0.9.
 *
 * @see https://github.com/LMDB/lmdb/blob/LMDB_0.9.33/libraries/liblmdb/mdb.c
 */

/** The error for a file that can't be read. */
export const unreadable = (what: string): SyntaxError =>
  new SyntaxError(`Cannot read lmdb: ${what}; the file is cut off, damaged, or of another format`);

/** The error for a file that is as it should be, with what can't be named arrays. */
export const unsupported = (what: string): SyntaxError =>
  new SyntaxError(`Cannot read lmdb: ${what}, which are no named arrays; copy what you need into a plain database`);

/** Bytes of the head of every page. */
export const pageHead = 16;
/** Bytes of the head of every node in a page. */
export const nodeHead = 8;
/** What a page is. */
export const pageFlags = { branch: 1, leaf: 2, overflow: 4, meta: 8, leafOfDuplicates: 0x20 } as const;
/** What a node's data are: on pages of their own, a database, several values. */
export const nodeFlags = { big: 1, database: 2, duplicates: 4 } as const;
/** A database with several values to a key. */
export const duplicateSort = 4;
/** Stands in the place of an empty database's root page. */
export const noPage = 0xffffffffffffffffn;

export const magic = 0xbeefc0de;
/** Where the meta page has its parts, from the page's beginning. */
export const meta = {
  ...{ magic: 16, version: 20, mapSize: 32, free: 40, main: 88, lastPage: 136, transaction: 144, end: 152 },
} as const;
/** Where a database's record has its parts, and how long it is. In the first one, `pad` is the page's size. */
export const record = {
  ...{ pad: 0, flags: 4, depth: 6, branches: 8, leaves: 16, overflows: 24, entries: 32, root: 40, length: 48 },
} as const;

/** The longest key that LMDB takes, in bytes; there is no empty one. */
export const maxKey = 511;

/** More bytes of key and data together than this lie on pages of their own. */
export const maxNode = (pageSize: number): number => ((pageSize - pageHead) / 2 & ~1) - 2;

/** How many pages a value of so many bytes takes that lies on pages of its own. */
export const overflowPages = (length: number, pageSize: number): number =>
  Math.floor((pageHead - 1 + length) / pageSize) + 1;

/** Compares keys as LMDB does: byte by byte, shorter ones first. */
export function compareKeys(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
