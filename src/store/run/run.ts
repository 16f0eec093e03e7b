import type { Blobs } from "../blobs/blobs.ts";
import { checkpointPath, formatCheckpoint, listCheckpoints, parseCheckpoint, readMeta } from "./checkpoint_file.ts";
import { type Folder, writeFile } from "../folder.ts";
import { JournalFile } from "../journal/journal_file.ts";
import type { JournalEntry } from "../journal/journal_line.ts";
import type { Lock } from "../lock.ts";
import { mapParallel, Queue } from "../queue.ts";
import { runPath, writeHeartbeat, writeRecord } from "./run_files.ts";
import type { RunIndex } from "./run_index.ts";
import type { Checkpoint, CheckpointMeta, Run, RunRecord } from "./run_record.ts";
import { encodeStored, loadStored } from "../stored_array.ts";
import type { Sweeper } from "../sweeper.ts";

/** What a run has from its store. */
export interface Shared {
  folder: Folder;
  blobs: Blobs;
  sweeper: Sweeper;
  index: RunIndex;
}

/** One run in a {@linkcode Folder}: for writing when it was given a lock. */
export class StoredRun implements Run {
  readonly #shared: Shared;
  readonly #path: string;
  readonly #journal: JournalFile;
  readonly #lock: Lock | undefined;
  readonly #warnings: Set<string>;
  readonly #recording = new Queue();
  readonly #saving = new Queue();
  #record: RunRecord;
  #closed = false;
  #closing: Promise<void> | undefined;

  /** Reads through the journal; for writing, mends it. */
  static async open(shared: Shared, record: RunRecord, lock?: Lock): Promise<StoredRun> {
    const warnings = new Set<string>();
    const journal = await JournalFile.open(shared.folder, `${runPath(record.id)}/journal.jsonl`, {
      readonly: lock === undefined,
      warn: (message) => warnings.add(message),
    });
    return new StoredRun(shared, record, journal, warnings, lock);
  }

  private constructor(
    shared: Shared,
    record: RunRecord,
    journal: JournalFile,
    warnings: Set<string>,
    lock: Lock | undefined,
  ) {
    this.#shared = shared;
    this.#record = record;
    this.#path = runPath(record.id);
    this.#journal = journal;
    this.#warnings = warnings;
    this.#lock = lock;
  }

  get id(): string {
    return this.#record.id;
  }

  get readonly(): boolean {
    return this.#lock === undefined;
  }

  get record(): RunRecord {
    return this.#record;
  }

  get warnings(): readonly string[] {
    return [...this.#warnings];
  }

  get sequence(): number {
    return this.#journal.last;
  }

  update(change: Partial<Omit<RunRecord, "id">>): Promise<void> {
    return this.#recording.run(async () => {
      this.#checkWritable("update");
      const record = { ...this.#record, updated: new Date().toISOString(), ...change, id: this.id };
      for (const key of Object.keys(change)) if (record[key as "name"] === undefined) delete record[key as "reason"];
      await writeRecord(this.#shared.folder, this.#path, record);
      this.#record = record;
      await this.#shared.index.put(record);
    });
  }

  heartbeat(): Promise<void> {
    return this.#recording.run(async () => {
      this.#checkWritable("keep alive");
      const heartbeat = await writeHeartbeat(this.#shared.folder, this.id);
      this.#record = { ...this.#record, heartbeat };
    });
  }

  append(entry: JournalEntry): void {
    this.#checkWritable("append to");
    this.#journal.append(entry);
  }

  async flush(): Promise<void> {
    if (!this.readonly) await this.#journal.flush();
  }

  entries(): AsyncIterable<JournalEntry> {
    return this.#journal.entries();
  }

  truncate(sequence: number): Promise<void> {
    return this.#saving.run(async () => {
      this.#checkWritable("truncate");
      const later = (await listCheckpoints(this.#shared.folder, this.#path)).filter((other) => other > sequence);
      await this.#remove(later); // before the journal they belong to
      await this.#journal.truncate(sequence);
    });
  }

  save(checkpoint: Checkpoint): Promise<{ bytesWritten: number }> {
    return this.#saving.run(async () => {
      this.#checkWritable("save");
      const { tree, modules, ...meta } = checkpoint;
      if (!(Number.isSafeInteger(meta.sequence) && meta.sequence >= 0 && meta.sequence <= this.sequence)) {
        throw new RangeError(
          `Cannot save a checkpoint of run "${this.id}": sequence ${meta.sequence} is beyond the journal's ` +
            `last, ${this.sequence}; append first`,
        );
      }
      return await this.#shared.blobs.saving(async () => {
        const flushed = this.#journal.flush();
        flushed.catch(() => {}); // awaited below
        let bytesWritten = 0;
        const encoded = await encodeStored(tree, async (arrays) => {
          const put = await this.#shared.blobs.put(arrays);
          bytesWritten += put.bytesWritten;
          return put.names;
        });
        await flushed;
        const text = new TextEncoder().encode(formatCheckpoint(meta, encoded, modules));
        await writeFile(this.#shared.folder, this.#pathOf(meta.sequence), text);
        return { bytesWritten: bytesWritten + text.length };
      });
    });
  }

  async checkpoints(): Promise<CheckpointMeta[]> {
    const sequences = await listCheckpoints(this.#shared.folder, this.#path);
    const metas = await mapParallel(sequences, 16, (sequence) => this.#meta(sequence));
    return metas.filter((meta) => meta !== undefined);
  }

  async load(sequence: number): Promise<Checkpoint> {
    const path = this.#pathOf(sequence);
    const bytes = await this.#shared.folder.read(path);
    if (bytes === undefined) throw this.#unreadable(sequence, "there is none", new RangeError(path));
    try {
      const checkpoint = parseCheckpoint(new TextDecoder().decode(bytes));
      return { ...checkpoint, tree: await loadStored(checkpoint.tree, (names) => this.#shared.blobs.get(names)) };
    } catch (error) {
      throw this.#unreadable(sequence, (error as Error).message, error);
    }
  }

  remove(sequences: readonly number[]): Promise<void> {
    return this.#saving.run(async () => {
      this.#checkWritable("remove checkpoints of");
      await this.#remove(sequences);
    });
  }

  async latest(): Promise<Checkpoint | undefined> {
    if (this.readonly) await this.#journal.refresh();
    for (const sequence of (await listCheckpoints(this.#shared.folder, this.#path)).reverse()) {
      if (sequence > this.sequence) {
        this.#warnings.add(`checkpoint ${sequence} is passed over: the journal ends at ${this.sequence}`);
        continue;
      }
      try {
        return await this.load(sequence);
      } catch (error) {
        this.#warnings.add(`checkpoint ${sequence} is passed over: ${(error as Error).message}`);
      }
    }
    return undefined;
  }

  close(): Promise<void> {
    return this.#closing ??= this.#recording.run(() => this.#saving.run(() => this.#finish()));
  }

  async #finish(): Promise<void> {
    this.#closed = true;
    try {
      await this.#journal.close();
      if (!this.readonly) await this.#shared.sweeper.finish();
    } finally {
      this.#lock?.release();
    }
  }

  async #remove(sequences: readonly number[]): Promise<void> {
    if (sequences.length === 0) return;
    await this.#shared.folder.remove(sequences.map((sequence) => this.#pathOf(sequence)));
    try {
      await this.#shared.sweeper.sweep();
    } catch (error) {
      this.#warnings.add(`blobs are not swept: ${(error as Error).message}`);
    }
  }

  async #meta(sequence: number): Promise<CheckpointMeta | undefined> {
    try {
      return await readMeta(this.#shared.folder, this.#pathOf(sequence));
    } catch (error) {
      this.#warnings.add(`checkpoint ${sequence} is passed over: ${(error as Error).message}`);
      return undefined;
    }
  }

  #pathOf(sequence: number): string {
    return `${this.#path}/${checkpointPath(sequence)}`;
  }

  #checkWritable(verb: string): void {
    if (this.#closed) throw new TypeError(`Cannot ${verb} run "${this.id}": it is closed; open it again`);
    if (this.readonly) {
      throw new TypeError(`Cannot ${verb} run "${this.id}": it is open for reading; open it for writing`);
    }
  }

  #unreadable(sequence: number, found: string, cause: unknown): Error {
    return new Error(
      `Cannot load checkpoint ${sequence} of run "${this.id}": ${found}; take another of its checkpoints()`,
      { cause },
    );
  }
}
