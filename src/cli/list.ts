import type { DBInterface } from "../store/db_interface.ts";
import type { RunSummary } from "../store/run_record.ts";
import { table } from "../notebook/table.ts";

/** Without a sign of life for so many milliseconds, a run that says it is running is dead. */
const patience = 10_000;

/** The runs in a store, a line each. */
export async function list(db: DBInterface): Promise<string> {
  const runs = await db.runs.list();
  if (runs.length === 0) return `no runs in ${db.location}`;
  const rows = runs.map((run) => {
    const { step = 0, epoch = 0, series = {} } = (run.summary ?? {}) as {
      step?: number;
      epoch?: number;
      series?: object;
    };
    const values = Object.entries(series).map(([name, value]) => `${name} ${Number(value).toPrecision(4)}`).join(", ");
    return [run.id, phaseOf(run), step, epoch, run.created.slice(0, 16).replace("T", " "), values];
  });
  return [table(["run", "phase", "step", "epoch", "created (UTC)", "last values"], rows), ...db.runs.warnings].join(
    "\n",
  );
}

/** The phase on record; of a run whose process is gone, that it died. */
export function phaseOf(run: RunSummary): string {
  if (!["running", "paused"].includes(run.phase)) return run.phase;
  const seen = run.heartbeat === undefined ? 0 : Date.parse(run.heartbeat.time);
  return Date.now() - seen > patience ? "died" : run.phase;
}
