import { sqliteFileIn } from "./sqlite_file.ts";

const reasons: Readonly<Record<string, readonly [string, string]>> = {
  ENOTDIR: ["a part of that path is a file", "give the path of a folder"],
  EEXIST: ["a part of that path is a file", "give the path of a folder"],
  EACCES: ["it may not be accessed", "change its permissions or give another path"],
  EPERM: ["it may not be accessed", "change its permissions or give another path"],
  EROFS: ["that file system is read-only", "give another path"],
  ENOSPC: ["the disk is full", "free some space and try again: nothing in memory is lost"],
  EDQUOT: ["the disk quota is used up", "free some space and try again: nothing in memory is lost"],
  EFBIG: ["the file would be larger than the system allows", "raise that limit: nothing in memory is lost"],
};

/** Those that Deno gives no code, by the system's number. */
const numbers: Readonly<Record<string, string>> = { 27: "EFBIG", 122: "EDQUOT" };

/** A file system's error code; undefined for other errors. */
function codeOf(error: unknown): string | undefined {
  const { code, message = "" } = (error ?? {}) as { code?: unknown; message?: string };
  if (typeof code === "string") return code;
  const number = /\(os error (\d+)\)/.exec(message)?.[1];
  return number === undefined ? undefined : numbers[number] ?? `os error ${number}`;
}

/** Whether a file system's error is one of these: `hasCode(error, "ENOENT")`. */
export const hasCode = (error: unknown, ...codes: string[]): boolean => codes.includes(codeOf(error) ?? "");

/** What the file system says, in words for the user, the original as cause; other errors as they are. */
export function explain(cause: unknown, verb: string, path: string): unknown {
  const code = codeOf(cause);
  if (code === undefined) return cause;
  const known = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  const unknown = [(cause as Error).message, "see whether that path can be reached"] as const;
  const [found, mend] = fileOfSqlite(code, path) ?? known ?? unknown;
  const error = new Error(`Cannot ${verb} "${path}": ${found}${known ? ` (${code})` : ""}; ${mend}`, { cause });
  return Object.assign(error, { code });
}

/** A database of SQLite that was given as a folder: how it is named. */
function fileOfSqlite(code: string, path: string): readonly [found: string, mend: string] | undefined {
  const file = code === "ENOTDIR" || code === "EEXIST" ? sqliteFileIn(path) : undefined;
  if (file === undefined) return undefined;
  const configuration = JSON.stringify({ SqliteStore: { path: file } });
  return [
    `"${file}" is a database of SQLite`,
    `name it sqlite:${file.replaceAll("%", "%25")}, in a configuration ${configuration}, or give the path of a folder`,
  ];
}
