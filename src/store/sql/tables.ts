import type { Generated } from "kysely";

/** A file of a store's folder. */
export interface FileRow {
  id: Generated<number>;
  /** Null while the file is staged: nobody sees it yet. */
  path: string | null;
  /** The path that a staged file will have. */
  staged: string | null;
  /** Bytes. */
  size: number;
  /** Milliseconds since 1970, by the server's clock. */
  modified: number;
  /** Counts what was waited for: a change that the commit must bring to the disk. */
  synced: number;
}

/** A piece of a file's bytes, at most {@linkcode chunkSize} of them; a file's pieces follow one another. */
export interface ChunkRow {
  file: number;
  /** Bytes of the file before it. */
  at: number;
  bytes: Uint8Array;
}

/** A document of a collection. */
export interface DocumentRow {
  /** Documents are in the order of these. */
  id: Generated<number>;
  collection: string;
  /** Tells documents of a collection apart; follows from `_id`. */
  key: string;
  /** The document, exactly. */
  json: string;
  /** What conditions are tried on; null where the database can't look into this one. */
  search: unknown;
  /** The blobs that it refers to, a JSON list; null for none. */
  blobs: string | null;
}

/** A lock that has been taken once. */
export interface LockRow {
  path: string;
  /** Grows each time that somebody takes it alone. */
  token: number;
  /** Who took it last, as JSON. */
  holder: string;
}

/** The tables of a store in a database. */
export interface Tables {
  ptutils_files: FileRow;
  ptutils_chunks: ChunkRow;
  ptutils_documents: DocumentRow;
  ptutils_locks: LockRow;
}

/** The most bytes of a chunk. */
export const chunkSize = 1 << 20;
