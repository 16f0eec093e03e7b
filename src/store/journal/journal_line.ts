import { crc32 } from "node:zlib";
import { decodeValue, encodeValue, isJson, type Json, type Value } from "../../module/value.ts";

/** One event or Statistic of a run. */
export interface JournalEntry {
  /** Grows from entry to entry, from 1 on. */
  sequence: number;
  /** Milliseconds since 1970. */
  time: number;
  trigger: string;
  /** The Module it comes from. */
  path: string;
  // deno-lint-ignore no-explicit-any
  payload: Record<string, any>;
}

const start = new TextEncoder().encode('{"sequence":');
const decoder = new TextDecoder();
/** Hexadecimal digits that a line begins with. */
export const checksumLength = 8;
const newline = 10;

/** An entry as the JSON in its line. */
export function jsonOf({ sequence, time, trigger, path, payload }: JournalEntry): string {
  const encoded = isJson(payload) ? payload : encodeValue(payload as Value); // most are, and need no copy
  return JSON.stringify({ sequence, time, trigger, path, payload: encoded });
}

/** An entry as a line of a journal: `<crc32, 8 hexadecimal digits> <json>`, with the newline. */
export function formatLine(entry: JournalEntry): string {
  const json = jsonOf(entry);
  return `${crc32(json).toString(16).padStart(checksumLength, "0")} ${json}\n`;
}

/** The sequence number of a line without its newline; undefined when the line is damaged. */
export function checkLine(line: Uint8Array): number | undefined {
  const json = line.subarray(checksumLength + 1);
  if (line[checksumLength] !== 32 || parseHex(line) !== crc32(json)) return undefined;
  for (let i = 0; i < start.length; i++) if (json[i] !== start[i]) return undefined;
  let sequence = 0;
  for (let i = start.length; json[i]! >= 48 && json[i]! <= 57; i++) sequence = sequence * 10 + json[i]! - 48;
  return sequence;
}

/** The entry in a line that {@linkcode checkLine} found good. */
export function parseLine(line: Uint8Array): JournalEntry {
  const entry = JSON.parse(decoder.decode(line.subarray(checksumLength + 1)));
  entry.payload = decodeValue(entry.payload as Json);
  return entry;
}

/** Cuts blocks of bytes into lines without their newlines, a batch a block; bytes after the last newline come in `rest`. */
export async function* readLines(
  blocks: AsyncIterable<Uint8Array>,
): AsyncGenerator<{ lines: Uint8Array[]; rest: Uint8Array }> {
  let rest = new Uint8Array();
  for await (const block of blocks) {
    const bytes = rest.length === 0 ? block : concatenate(rest, block);
    const lines: Uint8Array[] = [];
    let from = 0;
    for (let to = bytes.indexOf(newline); to >= 0; to = bytes.indexOf(newline, from)) {
      lines.push(bytes.subarray(from, to));
      from = to + 1;
    }
    rest = bytes.slice(from);
    yield { lines, rest };
  }
}

function parseHex(line: Uint8Array): number {
  let value = 0;
  for (let i = 0; i < checksumLength; i++) {
    const code = line[i]!;
    const digit = code <= 57 ? code - 48 : code - 87;
    if (digit < 0 || digit > 15) return -1;
    value = value * 16 + digit;
  }
  return value;
}

function concatenate(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
