import { History } from "../module/history.ts";
import { Statistic, type StatisticFields } from "../module/statistic.ts";
import { suggest } from "../module/text.ts";
import type { DBInterface } from "../store/db_interface.ts";
import type { Checkpoint, CheckpointMeta, Run, RunRecord } from "../store/run/run_record.ts";

/** What a store holds of a run, as far as it can be gone on with. */
export interface FoundRun {
  readonly record: RunRecord;
  /** None was saved before it ended. */
  readonly checkpoint: Checkpoint | undefined;
  /** Up to the checkpoint. */
  readonly history: History;
  readonly warnings: readonly string[];
}

/** Reads a run at its latest good checkpoint; undefined when there is no such run. */
export async function findRun(db: DBInterface, id: string): Promise<FoundRun | undefined> {
  return await db.runs.find(id) === undefined ? undefined : await readRun(db, id, (run) => run.latest());
}

/** Reads a run at its checkpoint of a step. @throws {RangeError} no such run or checkpoint, naming those there are */
export async function findStep(db: DBInterface, id: string, step: number): Promise<FoundRun> {
  if (await db.runs.find(id) === undefined) {
    const known = (await db.runs.list()).map((record) => record.id);
    throw new RangeError(`Cannot fork the run "${id}": there is none; ${suggest(id, known)}`);
  }
  return await readRun(db, id, async (run) => {
    const checkpoints = await run.checkpoints();
    const found = checkpoints.findLast((checkpoint) => checkpoint.step === step);
    if (found !== undefined) return await run.load(found.sequence);
    throw new RangeError(`Cannot fork the run "${id}" at step ${step}: ${describeSteps(checkpoints)}`);
  });
}

/** The History that a run's journal tells, up to a sequence number. */
export async function historyOf(run: Run, sequence: number): Promise<History> {
  let history = History.empty;
  for await (const entry of run.entries()) {
    if (entry.sequence > sequence) break;
    if (entry.trigger !== "statistic") continue;
    history = History.append(history, new Statistic({ ...entry.payload as StatisticFields, path: entry.path }));
  }
  return history;
}

async function readRun(
  db: DBInterface,
  id: string,
  pick: (run: Run) => Promise<Checkpoint | undefined>,
): Promise<FoundRun> {
  const run = await db.runs.open(id, { readonly: true });
  try {
    const checkpoint = await pick(run);
    const history = await historyOf(run, checkpoint?.sequence ?? 0);
    return { record: run.record, checkpoint, history, warnings: [...run.warnings] };
  } finally {
    await run.close();
  }
}

function describeSteps(checkpoints: readonly CheckpointMeta[]): string {
  const steps = [...new Set(checkpoints.map(({ step }) => step))];
  return steps.length === 0
    ? "it has no checkpoint"
    : `it has checkpoints at the steps ${steps.join(", ")}; more are kept with trainer.checkpoints.keep`;
}
