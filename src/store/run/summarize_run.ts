import { decodeValue, encodeValue, type Json, type Value } from "../../module/value.ts";
import { mapParallel } from "../queue.ts";
import { isAlive } from "./run_phase.ts";
import type { Run, Runs, RunSummary } from "./run_record.ts";
import { seriesOf, SeriesSummaries } from "./series_summary.ts";

/**
 * Runs' summaries with what they say of their series: runs of earlier versions, and those that died before their first
 * checkpoint, don't say it, and their journals are read through once.
 *
 * @param remember keeps what was found, so that it needn't be found again
 */
export async function summarizeAll(
  runs: Pick<Runs, "open">,
  summaries: readonly RunSummary[],
  remember: (found: readonly RunSummary[]) => Promise<void>,
): Promise<RunSummary[]> {
  const found: RunSummary[] = [];
  const all = await mapParallel(summaries, 4, async (known) => {
    if (seriesOf(decodeValue(known.summary ?? {})) !== undefined) return known;
    try {
      const run = { ...known, summary: await summarizeOne(runs, known) };
      if (!isAlive(known)) found.push(run);
      return run;
    } catch {
      return known; // gone meanwhile, or damaged: opening it says so
    }
  });
  if (found.length > 0) await remember(found).catch(() => {}); // a store that may only be read
  return all;
}

async function summarizeOne(runs: Pick<Runs, "open">, { id, summary }: RunSummary): Promise<Json> {
  const run = await runs.open(id, { readonly: true });
  try {
    return { ...await summaryOfJournal(run), ...summary as Record<string, Json> | undefined };
  } finally {
    await run.close();
  }
}

/** What a run's journal tells, as the summary of one that has ended says it. */
async function summaryOfJournal(run: Run): Promise<Record<string, Json>> {
  const series = new SeriesSummaries(decodeValue(run.record.configuration));
  let [step, epoch, seconds] = [0, 0, 0];
  for await (const { trigger, payload } of run.entries()) {
    if (trigger !== "statistic") continue;
    series.add(payload as Parameters<SeriesSummaries["add"]>[0]);
    [step, epoch, seconds] = [payload.step, payload.epoch, payload.time ?? seconds];
  }
  return encodeValue({ step, epoch, seconds, ranges: series.toValue() } as unknown as Value) as Record<string, Json>;
}
