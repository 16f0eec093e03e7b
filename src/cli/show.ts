import type { Loaded } from "../session/load_elsewhere.ts";
import { findRun } from "../session/found_run.ts";
import { suggest } from "../module/text.ts";
import type { DBInterface } from "../store/db_interface.ts";
import { phaseOf } from "../store/run/run_phase.ts";
import { table } from "../notebook/table.ts";

/** What is known of a run: how it ended, its series, its checkpoints, its configuration and where it comes from. */
export async function show(db: DBInterface, name: string): Promise<string> {
  const found = await findRun(db, name);
  if (found === undefined) {
    const known = (await db.runs.list()).map((run) => run.id);
    throw new RangeError(`Cannot show run "${name}": there is none in ${db.location}; ${suggest(name, known)}`);
  }
  const { record, history, warnings } = found;
  const run = await db.runs.open(name, { readonly: true });
  const checkpoints = await run.checkpoints().finally(() => run.close());
  const series = history.names.map((name) => [name, history.series(name).y.length, history.last(name)!.value]);
  return [
    `${record.id}: ${phaseOf(record)}${record.reason === undefined ? "" : `, ${record.reason}`}`,
    `created ${record.created}${
      record.lineage ? `, forked from ${record.lineage.run} at step ${record.lineage.step}` : ""
    }`,
    ...began(record.provenance),
    "",
    table(["series", "values", "last"], series),
    "",
    table(
      ["checkpoint", "step", "epoch", "saved", "why"],
      checkpoints.map(({ sequence, step, epoch, time, reason, tags = [] }) => [
        sequence,
        step,
        epoch,
        time,
        [reason, ...tags].join(", "),
      ]),
    ),
    "",
    `configuration: ${JSON.stringify(record.configuration, null, 2)}`,
    `provenance: ${JSON.stringify(record.provenance, null, 2)}`,
    ...warnings.map((warning) => `warning: ${warning}`),
  ].join("\n");
}

/** Whose weights a run began with, if with any. */
function began(provenance: unknown): string[] {
  const { loaded } = (provenance ?? {}) as { loaded?: Loaded };
  return loaded === undefined ? [] : [`began with what run ${loaded.run} had at step ${loaded.step}`];
}
