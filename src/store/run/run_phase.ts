import type { RunSummary } from "./run_record.ts";

/** Without a sign of life for so many milliseconds, a run that says it is running is dead. */
const patience = 10_000;

/** Of a run's record, what tells whether it goes on. */
type Living = Pick<RunSummary, "phase" | "updated" | "heartbeat">;

/** Whether a run goes on, by its record and its last sign of life. */
export function isAlive({ phase, updated, heartbeat }: Living): boolean {
  const seen = Math.max(Date.parse(updated), Date.parse(heartbeat?.time ?? updated));
  return saysSo(phase) && Date.now() - seen <= patience;
}

/** The phase on record; of a run whose process is gone, that it died. */
export const phaseOf = (run: Living): string => saysSo(run.phase) && !isAlive(run) ? "died" : run.phase;

const saysSo = (phase: string): boolean => ["running", "paused"].includes(phase);
