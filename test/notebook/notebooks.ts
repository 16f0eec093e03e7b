/** Notebooks made by code, with the outputs that a run leaves in them. */
import { join } from "node:path";
import type { Session } from "../../mod.ts";
import { mime } from "../../src/notebook/bundle.ts";
import { sourceDigest } from "../../src/notebook/digest.ts";
import { type RecordExtras, recordOf } from "../../src/notebook/record.ts";
import type { NotebookRecord } from "../../src/notebook/record_schema.ts";
import { experiment, open, type Plain } from "../session/experiments.ts";
import { temporary } from "../store/temporary.ts";

/** A cell, with what its outputs hold under the record's MIME type. */
export interface Cell {
  source?: string;
  records?: unknown[];
}

export const configuring = 'const session = await Session.configure({ name: "..." });\n';
export const showing = "await session.run()";

/** Writes a notebook as Jupyter does: sorted keys, sources as lists of lines; gives back its path. */
export function writeNotebook(path: string, cells: readonly Cell[], changes: Plain = {}): string {
  const notebook = {
    cells: cells.map(({ source = showing, records }, i) => ({
      cell_type: "code",
      execution_count: i + 1,
      id: `cell-${i}`,
      metadata: {},
      outputs: (records ?? []).map((record) => ({
        data: { [mime.record]: record, "text/plain": ["a run\n", "and its chart"] },
        metadata: {},
        output_type: "display_data",
      })),
      source: source.split(/(?<=\n)/),
    })),
    metadata: { kernelspec: { display_name: "Deno", language: "typescript", name: "deno" } },
    nbformat: 4,
    nbformat_minor: 5,
    ...changes,
  };
  Deno.writeTextFileSync(path, JSON.stringify(sorted(notebook), null, 1) + "\n");
  return path;
}

/** A notebook in a folder of its own: a cell that configures, one that shows each of the records. */
export const notebookOf = (folder: string, ...records: unknown[]): string =>
  writeNotebook(join(folder, "digits.ipynb"), [
    { source: configuring },
    ...records.map((record) => ({ records: [record] })),
  ]);

/** The record of a Session as the cells of such a notebook leave it. */
export const record = (session: Session, folder: string, extras: RecordExtras = {}): Promise<NotebookRecord> =>
  recordOf(session, {
    folder,
    source: { cell: sourceDigest(showing), configured: sourceDigest(configuring) },
    ...extras,
  });

/** An experiment that has run, in a store beside the notebook that it is shown in. */
export async function ran(name: string, changes: Plain = {}, extras: RecordExtras = {}, folder = temporary()) {
  const session = await open(experiment(name, changes), join(folder, "runs"));
  await session.run();
  const shown = await record(session, folder, extras);
  return { folder, session, shown, notebook: notebookOf(folder, shown) };
}

/** A record, changed by hand. */
export const changed = (shown: NotebookRecord, changes: Plain): Plain => ({ ...structuredClone(shown), ...changes });

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => [k, sorted(v)]));
}
