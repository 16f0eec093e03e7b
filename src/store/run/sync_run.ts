import { equalValues } from "../../module/value.ts";
import { checkpointDigest } from "./checkpoint_digest.ts";
import { compareJournals, type Comparison } from "../journal/compare_journals.ts";
import type { Checkpoint, CheckpointMeta, Run, RunRecord } from "./run_record.ts";

/** Entries of a journal that are given to the other store at once. */
const block = 2_000;

/** What was brought from one run to another. */
export interface Synced {
  entries: number;
  checkpoints: number;
  /** How many checkpoints were left for the next time, since the other journal doesn't reach to them yet. */
  waiting?: number;
  /** Checkpoints that can't be read where they are: why, by sequence number. */
  unreadable: Map<number, string>;
}

/** Appends what a journal has and another one, which is its beginning, lacks. */
export async function syncJournal(from: Run, to: Run): Promise<number> {
  const after = to.sequence;
  let count = 0;
  for await (const entry of from.entries()) {
    if (entry.sequence <= after) continue;
    to.append(entry);
    if (++count % block === 0) await to.flush();
  }
  await to.flush();
  return count;
}

/**
 * Saves the checkpoints that another run has and this one lacks, or has otherwise, the oldest first.
 *
 * @param verify reads every one of them back and compares the digests
 */
export async function syncCheckpoints(from: Run, to: Run, { verify = false } = {}): Promise<Omit<Synced, "entries">> {
  const present = new Map((await to.checkpoints()).map((meta) => [meta.sequence, meta]));
  const report = { checkpoints: 0, waiting: 0, unreadable: new Map<number, string>() };
  for (const meta of await from.checkpoints()) {
    if (meta.sequence > to.sequence) {
      report.waiting++; // taken while the journal was read
      continue;
    }
    if (!verify && equalValues(present.get(meta.sequence), meta)) continue;
    const checkpoint = await loadFrom(from, meta, report.unreadable);
    if (checkpoint !== undefined && await put(checkpoint, to, verify)) report.checkpoints++;
  }
  return report;
}

/** A checkpoint; undefined when it was removed meanwhile, or can't be read. */
async function loadFrom(
  from: Run,
  { sequence }: CheckpointMeta,
  unreadable: Map<number, string>,
): Promise<Checkpoint | undefined> {
  try {
    return await from.load(sequence);
  } catch (error) {
    const there = (await from.checkpoints()).some((meta) => meta.sequence === sequence);
    if (there) unreadable.set(sequence, (error as Error).message);
    return undefined;
  }
}

/** Saves a checkpoint unless it is there; whether it was saved. @throws {Error} what was saved comes back otherwise */
async function put(checkpoint: Checkpoint, to: Run, verify: boolean): Promise<boolean> {
  const wanted = verify ? await checkpointDigest(checkpoint) : undefined;
  const digestThere = async () => await checkpointDigest(await to.load(checkpoint.sequence));
  if (verify && await digestThere().catch(() => undefined) === wanted) return false;
  await to.save(checkpoint);
  if (verify && await digestThere() !== wanted) {
    throw new Error(
      `Cannot copy checkpoint ${checkpoint.sequence} of run "${to.id}": what was written comes back otherwise; ` +
        `see whether that store is sound, and copy again`,
    );
  }
  return true;
}

/** Makes the checkpoints of one run those of another one; what is too much is removed when the rest is there. */
export async function mirrorCheckpoints(from: Run, to: Run): Promise<Omit<Synced, "entries">> {
  const report = await syncCheckpoints(from, to);
  const kept = new Set((await from.checkpoints()).map(({ sequence }) => sequence));
  const gone = (await to.checkpoints()).map(({ sequence }) => sequence).filter((sequence) => !kept.has(sequence));
  if (gone.length > 0) await to.remove(gone);
  return report;
}

/** Gives a run the record of another one, when that was last updated included; not its id, nor its signs of life. */
export async function syncRecord({ record }: Run, to: Run, name = record.name): Promise<void> {
  const fields = Object.fromEntries(Object.entries(record).filter(([key]) => !ownFields.includes(key)));
  const absent = Object.keys(to.record).filter((key) => !(key in record) && !ownFields.includes(key));
  const wanted = { ...fields, name };
  if (
    absent.length === 0 && Object.entries(wanted).every(([key, item]) => equalValues(item, fieldOf(to.record, key)))
  ) {
    return;
  }
  await to.update({ ...Object.fromEntries(absent.map((key) => [key, undefined])), ...wanted });
}

/** What a store's own copy of a record has that no other one's takes over. */
const ownFields = ["id", "heartbeat", "mirrored"];

const fieldOf = (record: RunRecord, key: string): unknown => record[key as keyof RunRecord];

/** Whether two records are of one run, perhaps at different times of its life: nobody gives two the same beginning. */
export const isSameRun = (a: RunRecord, b: RunRecord): boolean =>
  a.created === b.created && equalValues(a.lineage, b.lineage);

/** Makes the journal of one run that of another: what it has beyond the common beginning is cut off. */
export async function cutToCommon(from: Run, to: Run): Promise<Comparison> {
  const found = await compareJournals(from, to);
  if (found.beyond[1]) await to.truncate(found.common);
  return found;
}
