/** What a dataset is, as h5wasm tells it. */
export interface Metadata {
  readonly type: number;
  /** Bytes of one element. */
  readonly size: number;
  readonly total_size: number;
  readonly signed: boolean;
  readonly littleEndian: boolean;
  readonly vlen: boolean;
  readonly strpad?: number;
  readonly shape: number[] | null;
  readonly enum_type?: { readonly members: Record<string, number> };
  readonly array_type?: Metadata;
  readonly compound_type?: { readonly members: readonly { readonly name: string }[] };
  /** Of a dataset put together from others. */
  readonly virtual_sources?: unknown;
}

type Places = bigint[] | null;

/** What is used of h5wasm's libhdf5: its own types name parts that they don't bring. */
export interface Library {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(at: number): void;
  open(path: string, mode: number, trackOrder: boolean, low: number, high: number): bigint;
  close_file(file: bigint): number;
  get_names(file: bigint, path: string, recursive: boolean): string[];
  get_type(file: bigint, path: string): number;
  get_attribute_names(file: bigint, path: string): string[];
  get_dataset_metadata(file: bigint, path: string): Metadata;
  get_dataset_filters(file: bigint, path: string): { readonly id: number; readonly name: string }[];
  /** Gives a negative number where it failed. */
  get_dataset_data(file: bigint, path: string, count: Places, start: Places, steps: Places, at: bigint): number;
  reclaim_vlen_memory(file: bigint, path: string, attribute: string, at: bigint): number;
  /** Emscripten's file system, in memory. */
  readonly FS: {
    analyzePath(path: string): { readonly exists: boolean };
    unlink(path: string): void;
    createFile(folder: string, name: string, properties: object, canRead: boolean, canWrite: boolean): FileNode;
  };
}

/** A file of Emscripten's file system with its operations. */
export interface FileNode {
  node_ops: { getattr(node: FileNode): object };
  stream_ops: object;
}
