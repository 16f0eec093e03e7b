import type { JournalEntry } from "../journal/journal_line.ts";
import type { Mirror } from "./mirror.ts";
import type { Checkpoint, CheckpointMeta, Run, RunRecord } from "../run/run_record.ts";
import { RunShipper } from "./run_shipper.ts";

/** A run in two stores, open for writing: everything happens in the local one, and is brought to the remote one. */
export class MirroredRun implements Run {
  readonly #local: Run;
  readonly #mirror: Mirror;
  readonly #shipper: RunShipper;
  readonly #warnings: string[] = [];
  readonly #stopListening: () => void;
  readonly #ended: () => void;
  #localWarnings = 0;
  /** Whether the record's time of last update says that something has changed since the run was opened. */
  #touched = false;
  #closing: Promise<void> | undefined;

  /** @param ended called when it is closed */
  constructor(local: Run, mirror: Mirror, ended: () => void) {
    this.#local = local;
    this.#mirror = mirror;
    this.#ended = ended;
    const warn = (message: string) => void this.#warnings.push(message);
    this.#stopListening = mirror.line.listen(warn);
    this.#shipper = new RunShipper(local, mirror, warn, () => mirror.archives().ship());
  }

  get id(): string {
    return this.#local.id;
  }

  get readonly(): boolean {
    return false;
  }

  get record(): RunRecord {
    return this.#local.record;
  }

  get warnings(): readonly string[] {
    const { warnings } = this.#local;
    this.#warnings.push(...warnings.slice(this.#localWarnings));
    this.#localWarnings = warnings.length;
    return this.#warnings;
  }

  get sequence(): number {
    return this.#local.sequence;
  }

  /** Opens the remote run, if that can be reached. @throws {Deno.errors.Busy} somebody else writes it */
  async connect(wait?: number): Promise<void> {
    try {
      await this.#mirror.line.ask(() => this.#shipper.connect(wait));
    } catch (error) {
      if (error instanceof Deno.errors.Busy) throw error; // anything else is tried again, and told
    }
    this.#shipper.kick();
  }

  async update(change: Partial<Omit<RunRecord, "id">>): Promise<void> {
    this.#touched = true;
    await this.#local.update(change);
    this.#shipper.changed("record");
  }

  async heartbeat(): Promise<void> {
    await this.#local.heartbeat();
    this.#shipper.changed("life");
  }

  append(entry: JournalEntry): void {
    this.#local.append(entry);
    this.#touch();
    this.#shipper.append(entry);
  }

  async flush(): Promise<void> {
    await this.#local.flush();
  }

  entries(): AsyncIterable<JournalEntry> {
    return this.#local.entries();
  }

  async truncate(sequence: number): Promise<void> {
    if (sequence < this.sequence) this.#touch();
    await this.#local.truncate(sequence);
    this.#shipper.truncated(sequence);
  }

  /**
   * Saves in the local store, then waits while the remote one is too far behind, but not while it can't be reached.
   *
   * @throws {Unreached} it can't be reached, and work should wait for it; the checkpoint is in the local store
   */
  async save(checkpoint: Checkpoint): Promise<{ bytesWritten: number }> {
    this.#touch();
    const saved = await this.#local.save(checkpoint);
    this.#shipper.changed("checkpoints");
    await this.#mirror.waitFor(() => this.#shipper.lag.entries, () => this.#shipper.problem);
    return saved;
  }

  checkpoints(): Promise<CheckpointMeta[]> {
    return this.#local.checkpoints();
  }

  load(sequence: number): Promise<Checkpoint> {
    return this.#local.load(sequence);
  }

  async remove(sequences: readonly number[]): Promise<void> {
    this.#touch();
    await this.#local.remove(sequences);
    this.#shipper.changed("checkpoints");
  }

  latest(): Promise<Checkpoint | undefined> {
    return this.#local.latest();
  }

  /** Waits for what is still to be shipped, for so long as the store is configured to; the rest follows later. */
  close(): Promise<void> {
    return this.#closing ??= this.#close();
  }

  async #close(): Promise<void> {
    try {
      await this.#local.flush().catch(() => {}); // closing tries again, and says why it fails
      const whole = await this.#shipper.drain(this.#mirror.closing);
      if (!whole) this.#warnings.push(this.#missing());
      await this.#shipper.stop({ whole });
      void this.warnings; // the local store's, as long as it is open
    } finally {
      this.#stopListening();
      await this.#local.close().finally(this.#ended);
      if (!this.#shipper.isDone) this.#mirror.behind(this.id);
    }
  }

  #missing(): string {
    const { entries } = this.#shipper.lag;
    return `run "${this.id}" is not whole in ${this.#mirror.line.place} yet: ${entries} entries of its journal ` +
      `and the checkpoints since are in ${this.#mirror.place} only; they follow when it is reached and this store is used`;
  }

  /** The first change of a sitting that doesn't note itself in the record. */
  #touch(): void {
    if (this.#touched) return;
    this.#touched = true;
    this.#local.update({}).then(() => this.#shipper.changed("record"), (error) => this.#warnings.push(error.message));
  }
}
