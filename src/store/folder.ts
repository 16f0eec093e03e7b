import { randomUUID } from "node:crypto";
import { temporaryExtension } from "../module/atomic_write.ts";
import type { Lock, LockOptions } from "./lock.ts";

/** A file that only grows, or is cut. */
export interface Appender {
  /** Adds bytes at the end; when it throws, a part of them may have been added. */
  write(bytes: Uint8Array): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Waits until what was written is on the disk. */
  sync(): Promise<void>;
  close(): void;
}

/** What a file consists of: text, bytes, or bytes in parts. */
export type Bytes = string | Uint8Array | readonly Uint8Array[];

/** Files that are written together: readers see each of them whole or not at all, and none before the commit. */
export interface Batch {
  add(path: string, bytes: Bytes): Promise<void>;
  /** Shows the files under their names; they are on the disk when it resolves. */
  commit(): Promise<void>;
  /** Forgets what was added and not committed; nothing when all was. */
  abort(): Promise<void>;
}

/**
 * The little that a store needs of a file system; all that is known of the disk is behind it. Paths are relative, with
 * `/`. Folders come into being with the first file in them; reading makes nothing.
 */
export interface Folder {
  /** Where it is, for messages. */
  readonly place: string;
  /** The bytes of a file, at most `limit` of them; undefined when there is none. */
  read(path: string, limit?: number): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /** The bytes from one offset to another in blocks; a block is valid until the next is asked for. */
  blocks(path: string, from?: number, to?: number): AsyncIterable<Uint8Array>;
  /** Size and time of last change (ms); undefined when there is none. */
  info(path: string): Promise<{ size: number; modified: number } | undefined>;
  /** The names in a folder, sorted; none when there is no such folder. */
  list(path: string): Promise<string[]>;
  batch(): Batch;
  /** Replaces a file whole, without waiting for the disk: for what may be lost in a power cut. */
  note(path: string, text: string): Promise<void>;
  append(path: string): Promise<Appender>;
  /** Removes files, or folders with all that is in them; those that are not there don't matter. */
  remove(paths: readonly string[]): Promise<void>;
  /** Gives a folder another name; false when that name is taken. */
  rename(from: string, to: string): Promise<boolean>;
  lock(path: string, options: LockOptions): Promise<Lock>;
}

/** The parts of {@linkcode Bytes}. */
export function partsOf(bytes: Bytes): readonly Uint8Array[] {
  if (typeof bytes === "string") return [new TextEncoder().encode(bytes)];
  return bytes instanceof Uint8Array ? [bytes] : bytes;
}

/** A name for what is not finished yet, of its own each time. */
export const temporaryName = (name: string): string => `.${name}.${randomUUID()}${temporaryExtension}`;

/** Whether a name is a {@linkcode temporaryName}, of `name` if that is given. */
export function isTemporary(other: string, name?: string): boolean {
  if (!other.startsWith(".") || !other.endsWith(temporaryExtension)) return false;
  return name === undefined || (other.startsWith(`.${name}.`) && other.length === temporaryName(name).length);
}

/** Replaces one file: after a crash it is the old one or the new one, whole. */
export async function writeFile(folder: Folder, path: string, bytes: Bytes): Promise<void> {
  const batch = folder.batch();
  try {
    await batch.add(path, bytes);
    await batch.commit();
  } finally {
    await batch.abort();
  }
}

/** Runs work under a lock. */
export async function locked<T>(
  folder: Folder,
  path: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await folder.lock(path, options);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Deletes what killed writers left in a folder; only when nobody writes there. */
export async function sweepTemporaries(folder: Folder, path: string, name?: string): Promise<void> {
  const stray = (await folder.list(path)).filter((other) => isTemporary(other, name));
  if (stray.length > 0) await folder.remove(stray.map((other) => path === "" ? other : `${path}/${other}`));
}
