import { checkLine, readLines } from "./journal_line.ts";

/** What one pass over a journal found. */
export interface JournalScan {
  /** Bytes up to the end of the last good line before any damage. */
  length: number;
  /** Good lines in them. */
  lines: number;
  /** Sequence number of the last of them; 0 when there is none. */
  last: number;
  /** Bytes after `length`. */
  dropped: number;
  /** Good lines among them: more than none when the journal is damaged in its middle. */
  goodAfter: number;
}

/** What is known of a journal before its first byte is read. */
export const emptyScan: Readonly<JournalScan> = { length: 0, lines: 0, last: 0, dropped: 0, goodAfter: 0 };

/** Reads a journal's bytes once and stops counting at the first line that is damaged, cut off or out of order. */
export async function scanJournal(
  blocks: AsyncIterable<Uint8Array>,
  known: Readonly<JournalScan> = emptyScan,
): Promise<JournalScan> {
  const scan = { ...known, dropped: 0, goodAfter: 0 };
  let intact = true, torn = 0;
  for await (const { lines, rest } of readLines(blocks)) {
    for (const line of lines) {
      const sequence = checkLine(line);
      intact &&= sequence !== undefined && sequence > scan.last;
      if (intact) {
        scan.length += line.length + 1;
        scan.lines++;
        scan.last = sequence!;
      } else {
        scan.dropped += line.length + 1;
        if (sequence !== undefined) scan.goodAfter++;
      }
    }
    torn = rest.length;
  }
  scan.dropped += torn;
  return scan;
}

/** Where the entries up to a sequence number end: how many bytes and lines, and the last one's number. */
export async function findEnd(blocks: AsyncIterable<Uint8Array>, sequence: number): Promise<JournalScan> {
  const end = { ...emptyScan };
  for await (const { lines } of readLines(blocks)) {
    for (const line of lines) {
      const found = checkLine(line);
      if (found === undefined || found > sequence) return end;
      end.length += line.length + 1;
      end.lines++;
      end.last = found;
    }
  }
  return end;
}

/** What was found and done, for the user; undefined when all is well. */
export function describeDamage(scan: JournalScan): string | undefined {
  if (scan.dropped === 0) return undefined;
  const where = `line ${scan.lines + 1}`;
  const kept = scan.lines === 0 ? "no entry before it" : `the entries up to sequence ${scan.last} are good`;
  return scan.goodAfter === 0
    ? `its end from ${where} on (${scan.dropped} bytes) was cut off or damaged and is dropped; ${kept}`
    : `${where} is damaged in its middle, ${scan.goodAfter} good lines follow it; ${kept}, the rest is not used`;
}
