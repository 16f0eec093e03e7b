import type { Appender, Folder } from "../folder.ts";
import { type JournalEntry, parseLine, readLines } from "./journal_line.ts";
import { JournalLines } from "./journal_lines.ts";
import { describeDamage, emptyScan, findEnd, type JournalScan, scanJournal } from "./journal_scan.ts";
import { Queue } from "../queue.ts";

const defaults = { delay: 200, retry: 1000, batch: 1 << 16 };

/** How a journal is opened. */
export interface JournalOptions {
  /** Only look: nothing is repaired. */
  readonly?: boolean;
  /** Hears what was found damaged, and what failed in the background. */
  warn?: (message: string) => void;
}

/**
 * An append-only log, a line an entry, a checksum a line. Appending puts the line into memory; lines are written
 * together a moment later, and are kept until that has worked.
 */
export class JournalFile {
  readonly #folder: Folder;
  readonly #path: string;
  readonly #options: JournalOptions;
  readonly #work = new Queue();
  #file: Appender | undefined;
  /** What is on the disk. */
  #scan: JournalScan = { ...emptyScan };
  #last = 0;
  readonly #pending = new JournalLines();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** A write is asked for and hasn't begun. */
  #isWaiting = false;
  #failed = false;
  /** The disk may have a part of a line after the good ones. */
  #partial = false;

  /** Reads through a journal, and cuts off what is damaged. There may be none yet: the first append makes it. */
  static async open(folder: Folder, path: string, options: JournalOptions = {}): Promise<JournalFile> {
    const journal = new JournalFile(folder, path, options);
    await journal.refresh();
    if (!options.readonly) await journal.#repair();
    return journal;
  }

  private constructor(folder: Folder, path: string, options: JournalOptions) {
    this.#folder = folder;
    this.#path = path;
    this.#options = options;
  }

  /** The last entry's sequence number; 0 when there is none. */
  get last(): number {
    return this.#last;
  }

  /**
   * Adds an entry, in memory at first.
   *
   * @throws {RangeError} its sequence number is not beyond the last one
   */
  append(entry: JournalEntry): void {
    if (!(Number.isSafeInteger(entry.sequence) && entry.sequence > this.#last)) {
      throw new RangeError(
        `Cannot append to the journal: sequence ${entry.sequence} doesn't follow ${this.#last}; count upwards`,
      );
    }
    this.#pending.add(entry);
    this.#last = entry.sequence;
    if (this.#pending.size >= defaults.batch && !this.#failed) this.#writeNow();
    else this.#writeSoon(this.#failed ? defaults.retry : defaults.delay);
  }

  /**
   * Waits until all that was appended is written and, unless `sync` is false, on the disk.
   *
   * @throws what the disk says; nothing is lost: the lines stay in memory, and the next flush tries again
   */
  async flush({ sync = true }: { sync?: boolean } = {}): Promise<void> {
    await this.#work.run(async () => {
      await this.#write();
      if (sync) await this.#file?.sync();
    });
  }

  /** The entries from the first on, those appended so far. */
  async *entries(): AsyncGenerator<JournalEntry> {
    if (this.#options.readonly) await this.refresh();
    else await this.flush({ sync: false });
    for await (const { lines } of readLines(this.#folder.blocks(this.#path, 0, this.#scan.length))) {
      for (const line of lines) yield parseLine(line);
    }
  }

  /** The bytes of the entries up to a sequence number, to be copied. */
  async *prefix(sequence: number): AsyncGenerator<Uint8Array> {
    const { length } = await findEnd(this.#folder.blocks(this.#path, 0, this.#scan.length), sequence);
    yield* this.#folder.blocks(this.#path, 0, length);
  }

  /** Forgets the entries after a sequence number. */
  async truncate(sequence: number): Promise<void> {
    await this.flush();
    if (sequence >= this.#last) return;
    await this.#work.run(async () => {
      const end = await findEnd(this.#folder.blocks(this.#path, 0, this.#scan.length), sequence);
      await this.#cut(end);
      this.#last = end.last;
    });
  }

  /** Reads on from what is known: another process may have written. */
  async refresh(): Promise<void> {
    const { size } = (await this.#folder.info(this.#path)) ?? { size: 0 };
    const known = size < this.#scan.length ? emptyScan : this.#scan;
    this.#scan = await scanJournal(this.#folder.blocks(this.#path, known.length), known);
    this.#last = this.#scan.last;
    const beingWritten = this.#options.readonly && this.#scan.goodAfter === 0;
    const damage = describeDamage(this.#scan);
    if (damage !== undefined && !beingWritten) this.#warn(damage);
  }

  /** Writes what is left and lets go of the file, also when that fails. */
  async close(): Promise<void> {
    try {
      if (!this.#options.readonly) await this.flush();
    } finally {
      clearTimeout(this.#timer);
      this.#file?.close();
      this.#file = undefined;
    }
  }

  async #repair(): Promise<void> {
    if (this.#scan.length > 0) this.#file = await this.#folder.append(this.#path); // the next flush syncs what is there
    if (this.#scan.dropped === 0) return;
    if (this.#scan.goodAfter > 0) await this.#keepAside();
    await this.#cut(this.#scan);
  }

  async #cut(end: JournalScan): Promise<void> {
    this.#file ??= await this.#folder.append(this.#path);
    await this.#file.truncate(end.length);
    await this.#file.sync();
    this.#scan = { ...end, dropped: 0, goodAfter: 0 };
  }

  async #keepAside(): Promise<void> {
    const path = `${this.#path}.damaged-${Date.now()}`;
    const file = await this.#folder.append(path);
    try {
      for await (const block of this.#folder.blocks(this.#path, this.#scan.length)) await file.write(block);
      await file.sync();
    } finally {
      file.close();
    }
    this.#warn(`what follows the damage is kept in "${path}"`);
  }

  #writeSoon(delay: number): void {
    if (this.#timer !== undefined || this.#isWaiting) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#writeNow(), delay);
    this.#timer.unref();
  }

  /** Writes as soon as what goes on is done; once for all that is appended until then. */
  #writeNow(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const write = () => {
      this.#isWaiting = false;
      return this.#write();
    };
    this.#work.run(write).catch(() => this.#pending.count > 0 && this.#writeSoon(defaults.retry));
  }

  async #write(): Promise<void> {
    if (this.#pending.count === 0) return;
    const lines = this.#pending.take(), { bytes } = lines;
    try {
      this.#file ??= await this.#folder.append(this.#path);
      if (this.#partial) await this.#file.truncate(this.#scan.length);
      this.#partial = true;
      await this.#file.write(bytes);
      [this.#partial, this.#failed] = [false, false];
      this.#scan.length += bytes.length;
      this.#scan.lines += lines.count;
    } catch (cause) {
      this.#pending.putBack(lines);
      throw this.#failure(cause);
    }
  }

  #failure(cause: unknown): Error {
    const { message } = cause as Error;
    const told = message.startsWith("Cannot write ")
      ? message // the store said that itself, and where
      : `Cannot write to "${this.#folder.place}/${this.#path}": ${message}`;
    const text =
      `${told}; the journal's last ${this.#pending.count} entries are kept in memory: make room and flush again`;
    if (!this.#failed) this.#warn(text);
    this.#failed = true;
    return new Error(text, { cause });
  }

  #warn(message: string): void {
    this.#options.warn?.(`${this.#path}: ${message}`);
  }
}
