import { isRecord } from "../module/value.ts";
import { mime } from "./bundle.ts";
import type { Notebook } from "./notebook_file.ts";
import { type NotebookRecord, parseRecord } from "./record_schema.ts";

/** A cell of a notebook. */
export interface CellPlace {
  /** From 0. */
  readonly index: number;
  /** From nbformat 4.5 on. */
  readonly id: string | undefined;
  readonly source: string;
}

/** A record where it lies in a notebook. */
export interface ShownRecord {
  readonly cell: CellPlace;
  /** Undefined when it is damaged. */
  readonly record: NotebookRecord | undefined;
  readonly error: Error | undefined;
}

/** A run in a notebook: the record that counts. */
export interface FoundRecord extends ShownRecord {
  /** The run's name in its store; of a damaged record as far as it can be read, else `?`. */
  readonly id: string;
  /** Every cell that shows this run, in their order. */
  readonly cells: readonly CellPlace[];
  /** What the other cells among them show of it. */
  readonly others: readonly ShownRecord[];
  /** What was found amiss with other outputs of the same run. */
  readonly warnings: readonly string[];
}

/**
 * The records in a notebook's outputs, in their order: of a run that is shown more than once the one that was written
 * last and is not damaged, in its place. A damaged record of a run that is not shown otherwise is there, with its error.
 */
export function findRecords(notebook: Notebook): FoundRecord[] {
  const all = notebook.cells.flatMap((cell, index) => {
    const place = { index, id: cell.id, source: cell.source };
    const contents = (cell.outputs ?? []).flatMap(({ data }) =>
      data?.[mime.record] === undefined ? [] : [data[mime.record]]
    );
    return contents.map((content) => ({ cell: place, ...read(content) }));
  });
  return all.flatMap((found) => {
    const same = found.id === unknown ? [found] : all.filter(({ id }) => id === found.id);
    const chosen = latestOf(same);
    if (chosen !== found) return [];
    const damaged = same.filter((other) => other !== found && other.error !== undefined);
    const warnings = damaged.map(({ cell, error }) => `in cell ${cell.index} it is shown, too: ${error!.message}`);
    const cells = [...new Set(same.map(({ cell }) => cell))];
    const others = cells.filter((cell) => cell !== found.cell).map((cell) =>
      latestOf(same.filter((other) => other.cell === cell))
    );
    return [{ ...found, cells, others, warnings }];
  });
}

/** The one that was written last: where it stands doesn't tell, for cells are run in any order. */
function latestOf<R extends ShownRecord>(shown: readonly R[]): R {
  const time = ({ record }: R) => record === undefined ? -Infinity : Date.parse(record.times.recorded) || 0;
  return shown.reduce((latest, one) => time(one) >= time(latest) ? one : latest);
}

const unknown = "?";

function read(content: unknown): Omit<ShownRecord, "cell"> & { id: string } {
  try {
    const record = parseRecord(content);
    return { id: record.id, record, error: undefined };
  } catch (error) {
    const id = isRecord(content) && typeof content.id === "string" ? content.id.slice(0, 100) : unknown;
    return { id, record: undefined, error: error as Error };
  }
}
