import { Buffer } from "node:buffer";
import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { askLinux } from "./linux.ts";

/** The ending of temporary files: what a killed process left behind is known by it. */
export const temporaryExtension = ".tmp";

/** Up to so many bytes, copying takes less time than a call of the system. */
const smallSize = 2 ** 18;
/** Of smaller files, it takes longer to ask for a place than is spared. */
const worthReserving = 2 ** 23;
/** Of Linux's fallocate: the file stays as long as it is. */
const keepSize = 1;

/** What a file is to hold: text, bytes, or bytes in parts. */
export type FileContents = string | Uint8Array | readonly Uint8Array[];

/**
 * Writes a file so that a reader, or a process that dies at any moment, sees the old bytes or the new ones and nothing
 * between: a temporary file of a unique name in the same folder, fsync, rename, fsync of the folder.
 *
 * @throws what the file system says; the old file is then untouched and the temporary one removed
 */
export async function atomicWrite(path: string, bytes: FileContents): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}${temporaryExtension}`);
  try {
    await writeSynced(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Writes a new file and waits until its bytes are on the disk. */
export async function writeSynced(path: string, bytes: FileContents): Promise<void> {
  const file = await open(path, "wx", 0o644);
  try {
    await writeParts(file, bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes all of them where the file stands. Small ones go together: each call of the system takes its time. */
export async function writeParts(file: FileHandle, contents: FileContents): Promise<void> {
  if (typeof contents === "string") contents = new TextEncoder().encode(contents);
  const parts = contents instanceof Uint8Array ? [contents] : contents;
  reserve(file, parts.reduce((sum, { length }) => sum + length, 0));
  for (const part of inLargerParts(parts)) {
    for (let at = 0; at < part.length;) at += (await file.write(part, at, part.length - at)).bytesWritten;
  }
}

/** A place on the disk for a large file, in one piece; to find it bit by bit takes half as long again. */
function reserve(file: FileHandle, length: number): void {
  if (length >= worthReserving) askLinux(({ fallocate64 }) => void fallocate64(file.fd, keepSize, 0n, BigInt(length)));
}

/** The same bytes, neighbours that are small in one part. */
function* inLargerParts(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let small: Uint8Array[] = [], size = 0;
  for (const part of parts) {
    if (small.length > 0 && size + part.length > smallSize) yield Buffer.concat(small), small = [], size = 0;
    if (part.length > smallSize) yield part;
    else small.push(part), size += part.length;
  }
  if (small.length > 0) yield Buffer.concat(small);
}

/** Makes the names in a folder durable. Windows has no such call and needs none. */
export async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle | undefined;
  try {
    folder = await open(path, "r");
    await folder.sync();
  } catch (error) {
    if (!["EPERM", "EISDIR", "EACCES", "EINVAL"].includes((error as { code?: string }).code ?? "")) throw error;
  } finally {
    await folder?.close();
  }
}
