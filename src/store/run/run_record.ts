import type { Json, Value } from "../../module/value.ts";
import type { JournalEntry } from "../journal/journal_line.ts";
import type { RunDocument } from "./run_document.ts";
import type { RunQuery } from "./run_query.ts";

export type { JournalEntry };

/** What a store knows of a run besides its journal and checkpoints. */
export interface RunRecord {
  id: string;
  name: string;
  /** ISO time, as are the others. */
  created: string;
  updated: string;
  phase: string;
  reason?: string;
  configuration: Json;
  provenance: Json;
  /** The run that it was forked from, and where. */
  lineage?: { run: string; sequence: number; step: number };
  summary?: Json;
  /** In the remote store of two: the `updated` of the local one at which nothing was missing here. */
  mirrored?: string;
  /** The last sign of life of the process that had it open. */
  heartbeat?: { time: string; pid: number; host?: string };
}

/** What a run is made with: when it was last updated is said by who copies it. */
export type NewRecord = Omit<RunRecord, "updated"> & { updated?: string };

/** What the index holds of a run: all but what is large and never changes. */
export type RunSummary = Omit<RunRecord, "configuration" | "provenance">;

/** What a checkpoint is about. */
export interface CheckpointMeta {
  /** The journal's last entry when it was taken. */
  sequence: number;
  step: number;
  epoch: number;
  time: string;
  reason: string;
  tags?: string[];
  scores?: Record<string, number>;
}

/** A State with the journal's sequence number at which it was taken. */
export interface Checkpoint extends CheckpointMeta {
  /** The State's tree: plain values, NDArrays as leaves. */
  tree: Value;
  modules?: Json;
}

/** The runs in a store. */
export interface Runs {
  /** What was found damaged outside any single run, and what was done. */
  readonly warnings: readonly string[];
  /** All runs, oldest first. */
  list(): Promise<RunSummary[]>;
  find(id: string): Promise<RunRecord | undefined>;
  /**
   * The runs that fit, sorted and cut: by fields of a {@linkcode RunDocument} (`phase`, `tags`, `created`,
   * `best.validation/accuracy`) and options of the configuration, also written short (`trainer.epochs`).
   */
  query(query?: RunQuery): Promise<RunDocument[]>;
  /** Makes a run and opens it for writing. */
  create(record: NewRecord): Promise<Run>;
  /** Opens a run; for writing, it is locked, and `wait` is how many ms to wait for another holder (5000). */
  open(id: string, options?: { readonly?: boolean; wait?: number }): Promise<Run>;
  /** Gives a run the first free name `<id>~<n>`, so that its own is free, and returns that. */
  archive(id: string, options?: { wait?: number }): Promise<string>;
  /** Makes a run of a checkpoint of another one and the journal up to it; it shares the blobs. */
  copy(id: string, to: string, sequence: number): Promise<void>;
}

/** One run, open. */
export interface Run {
  readonly id: string;
  readonly readonly: boolean;
  readonly record: RunRecord;
  /** What was found damaged, and what was done. */
  readonly warnings: readonly string[];
  /** The journal's last entry's number; 0 when it is empty. */
  readonly sequence: number;
  /** Changes the record, and notes when, unless that is among the changes; `undefined` takes a field away. */
  update(change: Partial<Omit<RunRecord, "id">>): Promise<void>;
  /** A sign of life. */
  heartbeat(): Promise<void>;
  /** Adds to the journal, in memory at first. */
  append(entry: JournalEntry): void;
  /** Waits until the journal is on the disk; when that fails, the entries stay in memory for the next flush. */
  flush(): Promise<void>;
  entries(): AsyncIterable<JournalEntry>;
  /** Forgets the entries after a sequence number, and the checkpoints taken after it. */
  truncate(sequence: number): Promise<void>;
  /** Saves the journal and then the checkpoint; its NDArrays must not change until then. */
  save(checkpoint: Checkpoint): Promise<{ bytesWritten: number }>;
  /** The checkpoints there are, oldest first. */
  checkpoints(): Promise<CheckpointMeta[]>;
  /** @throws {Error} one that is missing or damaged */
  load(sequence: number): Promise<Checkpoint>;
  /** Deletes checkpoints, and the blobs that no checkpoint of any run refers to any more. */
  remove(sequences: readonly number[]): Promise<void>;
  /** The newest good checkpoint; damaged ones are passed over and named in the warnings. */
  latest(): Promise<Checkpoint | undefined>;
  /** Writes what is left and gives the run free, also when writing fails. */
  close(): Promise<void>;
}
