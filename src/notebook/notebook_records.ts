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

/** A run's record where it lies in a notebook. */
export interface FoundRecord {
  /** The run's name in its store; of a damaged record as far as it can be read, else `?`. */
  readonly id: string;
  /** The cell with the output. */
  readonly cell: CellPlace;
  /** Every cell that shows this run, in their order. */
  readonly cells: readonly CellPlace[];
  /** Undefined when it is damaged. */
  readonly record: NotebookRecord | undefined;
  readonly error: Error | undefined;
  /** What was found amiss with other outputs of the same run. */
  readonly warnings: readonly string[];
}

/**
 * The records in a notebook's outputs, in their order: of a run that is shown more than once the last one that is not
 * damaged, in its place. A damaged record of a run that is not shown otherwise is there, with its error.
 */
export function findRecords(notebook: Notebook): FoundRecord[] {
  const all = notebook.cells.flatMap((cell, index) => {
    const place = { index, id: cell.id, source: cell.source };
    const contents = (cell.outputs ?? []).flatMap(({ data }) =>
      data?.[mime.record] === undefined ? [] : [data[mime.record]]
    );
    return contents.map((content) => ({ cell: place, ...read(content) }));
  });
  return all.flatMap((found, i) => {
    const same = found.id === unknown ? [found] : all.filter(({ id }) => id === found.id);
    const chosen = same.findLast(({ record }) => record !== undefined) ?? same.at(-1);
    if (chosen !== all[i]) return [];
    const damaged = same.filter((other) => other !== found && other.error !== undefined);
    const warnings = damaged.map(({ cell, error }) => `in cell ${cell.index} it is shown, too: ${error!.message}`);
    return [{ ...found, cells: [...new Set(same.map(({ cell }) => cell))], warnings }];
  });
}

const unknown = "?";

function read(content: unknown): Pick<FoundRecord, "id" | "record" | "error"> {
  try {
    const record = parseRecord(content);
    return { id: record.id, record, error: undefined };
  } catch (error) {
    const id = isRecord(content) && typeof content.id === "string" ? content.id.slice(0, 100) : unknown;
    return { id, record: undefined, error: error as Error };
  }
}
