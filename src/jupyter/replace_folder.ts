import { randomUUID } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { temporaryExtension } from "../module/atomic_write.ts";

/** So old is nothing that someone is still at work on, in milliseconds. */
const abandoned = 3_600_000;

/**
 * Makes a folder whole or not at all: it is filled under a temporary name in `workshop`, then takes its own. What had
 * the name before goes away, and comes back if something fails.
 *
 * @param workshop a folder on the same disk, where half a folder disturbs nobody
 */
export async function replaceFolder(
  folder: string,
  workshop: string,
  fill: (temporary: string) => Promise<void>,
): Promise<void> {
  await Deno.mkdir(workshop, { recursive: true });
  await Deno.mkdir(dirname(folder), { recursive: true });
  await sweep(folder, workshop);
  const temporary = temporaryName(folder, workshop);
  try {
    await Deno.mkdir(temporary, { mode: 0o755 });
    await fill(temporary);
    await takeName(temporary, folder, workshop);
  } finally {
    await unlessMissing(Deno.remove(temporary, { recursive: true }));
  }
}

/** Several processes may do this at once: the last one's folder stays. */
async function takeName(temporary: string, folder: string, workshop: string, tries = 50): Promise<void> {
  const old = await setAside(folder, workshop);
  try {
    await Deno.rename(temporary, folder);
  } catch (error) {
    const another = ["ENOTEMPTY", "EEXIST"].includes((error as { code?: string }).code ?? "");
    if (!another && old !== undefined) await Deno.rename(old, folder);
    if (!another || tries === 0) throw error;
    await new Promise((resolve) => setTimeout(resolve, 20 * Math.random())); // another process was between the two
    await takeName(temporary, folder, workshop, tries - 1);
  }
  if (old !== undefined) await unlessMissing(Deno.remove(old, { recursive: true }));
}

/** Removes a folder: at once for who looks, then its files. */
export async function removeFolder(folder: string, workshop: string): Promise<void> {
  const old = await setAside(folder, workshop);
  if (old !== undefined) await Deno.remove(old, { recursive: true });
}

/** The other name that a folder now has; undefined when there was none. */
async function setAside(folder: string, workshop: string): Promise<string | undefined> {
  const name = temporaryName(folder, workshop);
  return await unlessMissing(Deno.rename(folder, name).then(() => name));
}

/** What killed processes left behind. */
async function sweep(folder: string, workshop: string): Promise<void> {
  for await (const { name } of Deno.readDir(workshop)) {
    if (!name.startsWith(`.${basename(folder)}.`) || !name.endsWith(temporaryExtension)) continue;
    const path = join(workshop, name);
    // Another one that works on the same folder may just have finished with it.
    const mtime = (await unlessMissing(Deno.stat(path)))?.mtime;
    if (!mtime || Date.now() - mtime.getTime() <= abandoned) continue;
    await unlessMissing(Deno.remove(path, { recursive: true }));
  }
}

const temporaryName = (folder: string, workshop: string): string =>
  join(workshop, `.${basename(folder)}.${randomUUID()}${temporaryExtension}`);

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
