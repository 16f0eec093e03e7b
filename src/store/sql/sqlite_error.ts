/** SQLite's primary result codes (https://www.sqlite.org/rescode.html) that have words of their own. */
const reasons: Readonly<Record<number, readonly [string, string]>> = {
  8: ["it is read-only", "change its permissions or give another path"],
  10: ["the disk could not be written or read", "see whether it is full or damaged, and try again"],
  11: ["it is damaged", "restore a copy"],
  13: ["the disk is full", "free some space and try again: nothing in memory is lost"],
  14: ["it can't be opened", "give the path of a file in a folder that can be written"],
  26: ["it is no SQLite database", "give another path"],
};
const busy = [5, 6];
/** Deno tells no code of what fails while a database is opened. */
const messages: Readonly<Record<number, RegExp>> = {
  5: /database is locked/,
  10: /disk I\/O error/,
  13: /disk is full/,
  14: /unable to open/,
  26: /not a database/,
};

/** A SQLite error's primary code; undefined for other errors. */
function codeOf(error: unknown): number | undefined {
  const { code, errcode, message } = (error ?? {}) as { code?: unknown; errcode?: unknown; message?: string };
  if (code !== "ERR_SQLITE_ERROR") return undefined;
  if (typeof errcode === "number") return errcode & 255;
  return Number(Object.keys(messages).find((code) => messages[Number(code)]!.test(message ?? "")) ?? 1);
}

/** Whether another connection has what is needed at this moment. */
export const isBusy = (error: unknown): boolean => busy.includes(codeOf(error) ?? -1);

/** Whether a query asked for a table that there is none of. */
export const isMissingTable = (error: unknown): boolean =>
  codeOf(error) === 1 && /no such table/.test((error as Error).message);

/** What SQLite says, in words for the user; other errors as they are. */
export function explainSqlite(cause: unknown, verb: string, place: string, wait: number): unknown {
  const code = codeOf(cause);
  if (code === undefined) return cause;
  const [found, mend] = busy.includes(code)
    ? [`another process has been writing for ${wait / 1000} s`, "wait for it to end or stop it"]
    : reasons[code] ?? [(cause as Error).message, `see whether "${place}" can be used`];
  return new Error(`Cannot ${verb}: ${found} (SQLite ${code}: ${(cause as Error).message}); ${mend}`, { cause });
}
