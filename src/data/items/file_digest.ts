import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { openSource, type Single } from "../reading/open_source.ts";
import { mostBytes } from "../reading/read_options.ts";

/** Up to how many bytes all of a file is looked at; and how many are read at a time. */
const wholeLimit = 2 ** 30, piece = 2 ** 20;
/** How many pieces of a larger file are looked at. */
const looks = 256;

/** Milliseconds after which a file's time tells whether it was changed again: some file systems count by two seconds. */
const settled = 3000;

/** Digests of files that this process has looked at, by path, size and time of the last change. */
const known = new Map<string, string>();

/**
 * The sha256 of what a file holds, read in pieces; of one of more than 1 GiB, of its size and 256 pieces of 1 MiB spread
 * over it, first and last among them: a change between those is not seen. A file that stays as it is, by size and time of
 * change, is read once a process.
 */
export async function digestOfFile(location: Single): Promise<string> {
  const before = await stateOf(location), found = before && known.get(before.key);
  if (found !== undefined) return found;
  const digest = await readDigest(location), after = await stateOf(location);
  // A file that was written this very moment may be written again without its time telling it.
  if (after !== undefined && after.key === before?.key && Date.now() - after.changed > settled) {
    known.set(after.key, digest);
  }
  return digest;
}

/**
 * The digest of several files, in their order, and of what else tells data from others. Of more than 1 GiB in all, the
 * sizes of all files, and what 256 of them hold, spread over all.
 */
export async function digestOfFiles(files: readonly Single[], head: unknown): Promise<string> {
  const sizes = await Promise.all(files.map(sizeOf));
  const isLarge = files.length > looks && sizes.reduce((sum, size) => sum + size, 0) > wholeLimit;
  const looked = isLarge ? spread(files.length - 1, looks).map((i) => files[i]!) : files;
  const hash = createHash("sha256").update(JSON.stringify([head, ...isLarge ? [sizes] : []]));
  for (const file of looked) hash.update(`\n${await digestOfFile(file)}`);
  return hash.digest("hex");
}

/** Whole numbers from 0 up to `last`, evenly spread. */
const spread = (last: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Math.round(i * last / (count - 1)));

const sizeOf = async (location: Single): Promise<number> =>
  location.kind === "http" ? 0 : (await stat(location.path)).size;

/** What tells a file's content as it is from what it was, and when it changed (ms); undefined behind an address. */
async function stateOf(location: Single): Promise<{ key: string; changed: number } | undefined> {
  if (location.kind === "http") return undefined;
  const { size, mtimeNs, ino, mtimeMs } = await stat(location.path, { bigint: true });
  return { key: JSON.stringify([location.path, `${size}`, `${mtimeNs}`, `${ino}`]), changed: Number(mtimeMs) };
}

async function readDigest(location: Single): Promise<string> {
  const source = await openSource(location, mostBytes), { size } = source;
  try {
    const hash = createHash("sha256");
    const starts = size <= wholeLimit
      ? Array.from({ length: Math.ceil(size / piece) }, (_, i) => i * piece)
      : spread(size - piece, looks);
    if (size > wholeLimit) hash.update(`${size} bytes, in part\n`);
    for (const from of starts) hash.update(await source.read(from, from + piece));
    return hash.digest("hex");
  } finally {
    await source.close();
  }
}
