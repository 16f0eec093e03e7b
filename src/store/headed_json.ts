import type { Json } from "../module/value.ts";
import type { Folder } from "./folder.ts";

const headStart = '\n"head":';
const usualHead = 1 << 16;

/**
 * JSON in lines, so that its head (what the rest is about, and the blobs it refers to) can be read alone: `{`, then
 * `"head":{...},`, then the other parts, each on a line of its own.
 */
export function formatHeaded(head: Json, parts: Readonly<Record<string, Json>>): string {
  const lines = Object.entries(parts).map(([name, part]) => `,\n${JSON.stringify(name)}:${JSON.stringify(part)}`);
  return `{${headStart}${JSON.stringify(head)}${lines.join("")}\n}\n`;
}

/** The head of a file, read from its beginning; undefined when there is no such file. @throws {SyntaxError} a damaged one */
export async function readHead(folder: Folder, path: string): Promise<Json | undefined> {
  const start = await folder.read(path, usualHead);
  if (start === undefined) return undefined;
  const head = parseHead(start) ?? parseHead(await folder.read(path) ?? start);
  if (head !== undefined) return head;
  throw new SyntaxError(`Cannot read "${folder.place}/${path}": it is damaged; delete it or restore a copy`);
}

function parseHead(bytes: Uint8Array): Json | undefined {
  const text = new TextDecoder().decode(bytes);
  const from = text.indexOf(headStart), to = text.indexOf("\n", from + 1);
  if (from < 0 || to < 0) return undefined;
  try {
    return JSON.parse(text.slice(from + headStart.length, to).replace(/,$/, ""));
  } catch {
    return undefined;
  }
}
