import { dirname } from "node:path";

/** What every database of SQLite begins with: https://www.sqlite.org/fileformat2.html#magic_header_string */
const magic = "SQLite format 3\0";

/** The database of SQLite that a path leads to, or through, as if it were a folder; undefined where there is none. */
export function sqliteFileIn(path: string): string | undefined {
  for (let at = path;; at = dirname(at)) {
    if (beginsWith(at, magic)) return at;
    if (dirname(at) === at) return undefined;
  }
}

function beginsWith(path: string, text: string): boolean {
  try {
    if (!Deno.statSync(path).isFile) return false;
    using file = Deno.openSync(path);
    const bytes = new Uint8Array(text.length);
    return file.readSync(bytes) === bytes.length && new TextDecoder().decode(bytes) === text;
  } catch {
    return false;
  }
}
