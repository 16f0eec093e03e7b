import { decodeValue, isRecord, type Json, mapRecord, type Value } from "../../module/value.ts";
import { phaseOf } from "./run_phase.ts";
import type { RunRecord, RunSummary } from "./run_record.ts";
import { seriesOf, type SeriesSummary, type SummaryPoint } from "./series_summary.ts";

/**
 * What a query over runs looks at and gives back. Series stand under their names: `best["validation/accuracy"]`. With
 * `select`, only `id` and what was selected is there, each under the path that was asked for.
 */
export interface RunDocument {
  id: string;
  name?: string;
  /** ISO time, as is `updated`. */
  created?: string;
  updated?: string;
  /** As on record; `died` for a run that says it is running and gives no sign of life any more. */
  phase?: string;
  reason?: string;
  step?: number;
  epoch?: number;
  seconds?: number;
  tags?: readonly string[];
  lineage?: RunRecord["lineage"];
  /** The latest value of each series. */
  last?: Readonly<Record<string, number>>;
  /** The best finite value of each series, with its step and epoch. */
  best?: Readonly<Record<string, number>>;
  bestStep?: Readonly<Record<string, number>>;
  bestEpoch?: Readonly<Record<string, number>>;
  min?: Readonly<Record<string, number>>;
  max?: Readonly<Record<string, number>>;
  // deno-lint-ignore no-explicit-any -- whatever the configuration holds
  configuration?: any;
  // deno-lint-ignore no-explicit-any -- whatever a version of this library notes
  provenance?: any;
  // deno-lint-ignore no-explicit-any -- what was selected, under its path
  [path: string]: any;
}

/** The fields of a {@linkcode RunDocument}. */
export const documentFields: readonly string[] = [
  ...["id", "name", "created", "updated", "phase", "reason", "step", "epoch", "seconds", "tags", "lineage"],
  ...["last", "best", "bestStep", "bestEpoch", "min", "max", "configuration", "provenance"],
];

/** Those that an index of runs doesn't have: the run's record does. */
export const recordFields: readonly string[] = ["tags", "configuration", "provenance"];

/** A run's summary, or its whole record, as queries see it. */
export function toDocument(run: RunSummary | RunRecord): RunDocument {
  const summary = decodeValue(run.summary ?? {}) as Record<string, Value>;
  const { configuration, provenance } = run as Partial<RunRecord>;
  const decoded = configuration === undefined ? undefined : decodeValue(configuration) as { tags?: string[] };
  const whole: Record<string, unknown> = {
    id: run.id,
    name: run.name,
    created: run.created,
    updated: run.updated,
    phase: phaseOf(run),
    reason: run.reason,
    step: summary.step,
    epoch: summary.epoch,
    seconds: summary.seconds,
    lineage: run.lineage,
    ...seriesFields(summary),
    ...(decoded === undefined ? {} : { tags: decoded.tags ?? [], configuration: decoded }),
    ...(provenance === undefined ? {} : { provenance: decodeValue(provenance as Json) }),
  };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)) as unknown as RunDocument;
}

function seriesFields(summary: Record<string, Value>): Partial<RunDocument> {
  const series = seriesOf(summary);
  if (series === undefined) return isRecord(summary.series) ? { last: summary.series as Record<string, number> } : {};
  const pick = (point: (one: SeriesSummary) => SummaryPoint | undefined, at: 0 | 1 | 2) =>
    Object.fromEntries(Object.entries(mapRecord(series, (one) => point(one)?.[at])).filter(([, v]) => v !== undefined));
  const best = (one: SeriesSummary) => one[one.better];
  return {
    last: pick(({ last }) => last, 0),
    best: pick(best, 0),
    bestStep: pick(best, 1),
    bestEpoch: pick(best, 2),
    min: pick(({ min }) => min, 0),
    max: pick(({ max }) => max, 0),
  } as Partial<RunDocument>;
}
