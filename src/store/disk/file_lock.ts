import { readFile, writeFile } from "node:fs/promises";
import { type Holder, type Lock, type LockOptions, thisHolder, waitForLock } from "../lock.ts";

/** Added to a lock file's path: the file beside it that says who holds it (Windows forbids reading the locked one). */
export const holderExtension = ".json";

/**
 * Takes an advisory lock on a file, which is made when there is none and never deleted. The system gives it back when
 * the process dies, so that no lock is ever stale.
 *
 * @throws {Deno.errors.Busy} another process, or another part of this one, holds it: the message names it
 */
export async function lockFile(path: string, options: LockOptions): Promise<Lock> {
  const file = await Deno.open(path, { create: true, read: true, write: true });
  try {
    await waitForLock(() => attempt(file, path, options), () => readHolder(path), options);
    if (!options.shared) await writeFile(path + holderExtension, JSON.stringify(thisHolder(options.what)));
  } catch (error) {
    file.close();
    throw error;
  }
  return { release: () => file.close() };
}

async function attempt(file: Deno.FsFile, path: string, { what, shared = false }: LockOptions): Promise<boolean> {
  try {
    return await file.tryLock(!shared);
  } catch (cause) {
    throw new Error(
      `Cannot lock ${what}: the file system of "${path}" gives no locks; put the store on one that does`,
      { cause },
    );
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path + holderExtension, "utf8"));
  } catch {
    return undefined; // not written yet
  }
}
