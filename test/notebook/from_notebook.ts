/** Runs that are read out of notebooks again. */
import { join } from "node:path";
import { type DBInterface, Session } from "../../mod.ts";
import { fromNotebook as fromNotebookAs } from "../../src/notebook/from_notebook.ts";

/** The runs of a notebook, as Sessions. */
export const fromNotebook = (path: string, options: { store?: string | DBInterface } = {}) =>
  fromNotebookAs(path, { session: Session, ...options });

/** Has a record carry the run's weights. */
export const embedded = { weights: { limit: 1_000_000 } };

/** Every file below a folder with its time and size. */
export function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1).flatMap(({ name, isDirectory }) => {
    const path = join(folder, name), { mtime, size } = Deno.statSync(path);
    return isDirectory ? [path, ...filesIn(path)] : [`${path} ${mtime?.getTime()} ${size}`];
  });
}
