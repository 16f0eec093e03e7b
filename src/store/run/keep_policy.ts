import type { KeepOptions } from "../../loop/checkpoint_options.ts";
import { higherIsBetter } from "../../module/series.ts";
import type { CheckpointMeta } from "./run_record.ts";

/** The sequence numbers that a policy lets go. The latest of each tag stays, whatever the policy says. */
export function toRemove(checkpoints: readonly CheckpointMeta[], { last, best, every }: KeepOptions): number[] {
  const stays = new Set(checkpoints.slice(-last).map(({ sequence }) => sequence));
  const latestOfTag = new Map(checkpoints.flatMap(({ sequence, tags }) => (tags ?? []).map((tag) => [tag, sequence])));
  for (const sequence of latestOfTag.values()) stays.add(sequence);
  for (const { sequence } of best === undefined ? [] : bestOf(checkpoints, best)) stays.add(sequence);
  for (const { sequence, step } of checkpoints) if (every !== undefined && step % every === 0) stays.add(sequence);
  return checkpoints.map(({ sequence }) => sequence).filter((sequence) => !stays.has(sequence));
}

function bestOf(checkpoints: readonly CheckpointMeta[], { series, mode, count }: NonNullable<KeepOptions["best"]>) {
  const scored = checkpoints.filter(({ scores }) => Number.isFinite(scores?.[series]));
  const sign = higherIsBetter(series, mode) ? -1 : 1;
  return scored.sort((a, b) => sign * (a.scores![series]! - b.scores![series]!)).slice(0, count);
}
