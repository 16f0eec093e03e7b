import { randomUUID } from "node:crypto";
import { type FileHandle, open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** The ending of temporary files: what a killed process left behind is known by it. */
export const temporaryExtension = ".tmp";

/**
 * Writes a file so that a reader, or a process that dies at any moment, sees the old bytes or the new ones and nothing
 * between: a temporary file of a unique name in the same folder, fsync, rename, fsync of the folder.
 *
 * @throws what the file system says; the old file is then untouched and the temporary one removed
 */
export async function atomicWrite(path: string, bytes: Uint8Array | string): Promise<void> {
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
export async function writeSynced(path: string, bytes: Uint8Array | string): Promise<void> {
  const file = await open(path, "wx", 0o644);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
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
