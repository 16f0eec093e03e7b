import type { History } from "../module/history.ts";
import { type State, stateToValue } from "../module/state.ts";
import { decodeValue, encodeValue, type Json, mapRecord, type Value } from "../module/value.ts";
import type { DBInterface } from "../store/db_interface.ts";
import type { Run } from "../store/run/run_record.ts";
import type { NotebookRecord } from "./record_schema.ts";

/** What a notebook has of a run. */
export interface Imported {
  readonly record: NotebookRecord;
  readonly configuration: Record<string, unknown>;
  readonly history: History;
  readonly state: State;
}

/**
 * Puts a run that came in a notebook into a store: its History as far as the notebook has it, its State as a
 * checkpoint. From then on it is there like any other.
 */
export async function importRun(db: DBInterface, imported: Imported): Promise<void> {
  const { record, configuration } = imported;
  const run = await db.runs.create({
    id: record.id,
    name: record.id,
    created: record.times.created ?? record.times.recorded,
    phase: record.phase,
    ...(record.reason === null ? {} : { reason: record.reason }),
    configuration: encodeValue(configuration as Value),
    provenance: record.provenance as Json,
    ...(record.lineage === null ? {} : { lineage: record.lineage }),
    summary: summaryOf(record),
  });
  try {
    await fill(run, imported);
  } finally {
    await run.close();
  }
}

async function fill(run: Run, { record, history, state }: Imported): Promise<void> {
  const { counts, phase } = record, time = Date.parse(record.times.recorded) || 0;
  const told = { from: "a notebook", statistics: counts.statistics, kept: history.length };
  let sequence = 1;
  run.append({ sequence, time, trigger: "imported", path: "", payload: told });
  for (const { path, ...payload } of history) {
    run.append({ sequence: ++sequence, time, trigger: "statistic", path, payload });
  }
  await run.save({
    sequence,
    step: counts.steps,
    epoch: counts.epochs,
    time: record.times.recorded,
    reason: phase === "completed" ? phase : "imported",
    scores: lastOf(record),
    tree: { state: stateToValue(state), elapsed: counts.seconds, statistics: history.length },
    modules: { ...record.replaced },
  });
}

const summaryOf = (record: NotebookRecord): Json => {
  const { steps: step, epochs: epoch, seconds } = record.counts;
  return encodeValue({ step, epoch, seconds, series: lastOf(record), warnings: record.warnings });
};

const lastOf = ({ series }: NotebookRecord): Record<string, number> =>
  mapRecord(series, ({ last }) => decodeValue(last.value) as number);
