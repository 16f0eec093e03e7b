import { glob, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { naturally } from "./natural_order.ts";

/**
 * The files that a pattern fits, in natural order (`shard-2` before `shard-10`): `*` and `?` within a name, `**` for
 * folders to any depth, `[...]`, `{a,b}`. Names that begin with a dot are left out, links to folders not followed.
 *
 * @throws {RangeError} no file fits; @throws what the file system says
 */
export async function filesLike(pattern: string): Promise<string[]> {
  const files: string[] = [];
  for await (const path of glob(pattern)) if (await isFileAt(path)) files.push(path);
  if (files.length > 0) return files.map((path) => path.replaceAll("\\", "/")).sort(naturally);
  throw new RangeError(`Cannot read "${pattern}": no file fits this pattern; ${await advice(pattern)}`);
}

/** Whether there is a file at a path, or a link to one. */
export async function isFileAt(path: string): Promise<boolean> {
  const found = await stat(path).catch((error) => {
    if (["ENOENT", "ENOTDIR", "EINVAL", "ENAMETOOLONG", "ELOOP"].includes(error.code)) return undefined;
    throw error;
  });
  return found?.isFile() ?? false;
}

/** What to look at: the first folder of the pattern that isn't there, or what lies in the last one that is. */
async function advice(pattern: string): Promise<string> {
  let folder = pattern;
  while (/[*?[\]{}]/.test(folder)) folder = dirname(folder);
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return `look into the folder "${folder}"`;
  return `there is no folder "${folder}"; relative paths are taken from the working folder`;
}
