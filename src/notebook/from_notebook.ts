import { dirname } from "node:path";
import { Session } from "../session/session.ts";
import type { DBInterface } from "../store/db_interface.ts";
import { readNotebook } from "./notebook_file.ts";
import { findRecords, type FoundRecord } from "./notebook_records.ts";
import { NotebookRun } from "./notebook_run.ts";
import { findWeights, historyOf } from "./run_contents.ts";
import { givenStore, storeOf } from "./store_place.ts";
import { readStored } from "./stored_run.ts";

/** How a notebook's runs are read. */
export interface FromNotebookOptions<C extends typeof Session = typeof Session> {
  /** The class that `open()` configures. */
  readonly session?: C;
  /** The store to look into, a folder or a Module, in place of the one that each record names. */
  readonly store?: string | DBInterface;
}

/**
 * The runs that a notebook shows, in the order of its outputs, each once: shown again, its last output counts. They can
 * be compared (`{ label, history }`) and opened. A damaged record spoils no other: its run has an `error`. Nothing is
 * run, nothing is written.
 *
 * @throws {SyntaxError} a file that is not JSON, or damaged; @throws {TypeError} one that is no notebook of format 4
 */
export async function fromNotebook<C extends typeof Session = typeof Session>(
  path: string,
  { session = Session as C, store }: FromNotebookOptions<C> = {},
): Promise<NotebookRun<InstanceType<C>>[]> {
  const records = findRecords(await readNotebook(path));
  const configure = (configuration: object, reopening: object) =>
    session.configure(configuration as never, reopening) as Promise<InstanceType<C>>;
  return await Promise.all(records.map((found) => readRun(found, path, store, configure)));
}

type Configure<S extends Session> = (configuration: object, reopening: object) => Promise<S>;

async function readRun<S extends Session>(
  found: FoundRecord,
  notebook: string,
  given: string | DBInterface | undefined,
  configure: Configure<S>,
): Promise<NotebookRun<S>> {
  const { record } = found;
  if (record === undefined) return new NotebookRun(found);
  try {
    const folder = dirname(notebook);
    const store = given === undefined ? storeOf(record, folder) : givenStore(given, record.id);
    const warnings: string[] = [];
    const stored = store.db && await readStored(store.db, record.id).catch((error) => {
      warnings.push(`its store can't be read: ${(error as Error).message}`);
      return undefined;
    });
    const weights = await findWeights(notebook, record, stored);
    const history = historyOf(record, stored), { omitted = 0 } = record.history;
    if (omitted > 0 && history.names.length === Object.keys(record.series).length) {
      warnings.push(`${omitted} of its series are not here: they had no room in the notebook, and are in its store`);
    }
    return new NotebookRun(found, {
      notebook,
      folder,
      store,
      history,
      found: { ...weights, warnings: [...warnings, ...stored?.warnings ?? [], ...weights.warnings] },
      configure,
    });
  } catch (error) {
    return new NotebookRun({ ...found, record: undefined, error: error as Error });
  }
}
