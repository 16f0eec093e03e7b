import type { DBInterface } from "../db_interface.ts";
import type { Run } from "../run/run_record.ts";
import { cutToCommon, isSameRun } from "../run/sync_run.ts";

/** How the remote run is opened. */
export interface OpenMirrorOptions {
  /** The times of last update that the remote run may have: at any later one, somebody else went on with it. */
  updates: ReadonlySet<string>;
  /** Milliseconds to wait for who has it open. */
  wait: number;
}

/**
 * Opens the run of a remote store that mirrors a local one; it is made if it isn't there. Another run of the same name
 * is archived there.
 *
 * @throws {Error} somebody else went on with it
 */
export async function openMirror(local: Run, remote: DBInterface, { updates, wait }: OpenMirrorOptions): Promise<Run> {
  const { heartbeat: _, ...record } = local.record;
  const there = await remote.runs.find(local.id);
  if (there === undefined) return await remote.runs.create(record);
  if (!isSameRun(there, record)) {
    await remote.runs.archive(local.id);
    return await remote.runs.create(record);
  }
  const run = await remote.runs.open(local.id, { wait });
  const latest = [...updates].sort().at(-1)!;
  if (updates.has(run.record.updated) || run.record.updated <= latest) return run;
  await run.close().catch(() => {});
  throw wentOnElsewhere(local.id, latest);
}

/**
 * Cuts off what the journal of a mirror has beyond the beginning that it shares with the local one. The two are compared
 * entry by entry, unless it is known how far they are the same.
 */
export async function alignMirror(local: Run, mirror: Run, known?: number): Promise<void> {
  const { updated, mirrored } = mirror.record;
  const whole = mirrored === updated && updated === local.record.updated && mirror.sequence === local.sequence;
  if (known !== undefined && known <= mirror.sequence) {
    if (known < mirror.sequence) await mirror.truncate(known);
  } else if (!whole) await cutToCommon(local, mirror);
  if (mirrored !== undefined) await mirror.update({ updated, mirrored: undefined }); // until it is whole again
}

const wentOnElsewhere = (id: string, latest: string): Error =>
  new Error(
    `Cannot mirror run "${id}": somebody else went on with it there after ${latest}; ` +
      `what is here stays here: when it is opened the next time it is archived, and theirs is fetched`,
  );
