import type { IOutput } from "@jupyterlab/nbformat";
import { atomicWrite } from "../module/atomic_write.ts";
import { isRecord } from "../module/value.ts";
import { type NotebookCell, readNotebook } from "../notebook/notebook_file.ts";

/** A notebook in memory: nbformat 4.5, each source one text. */
export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
  nbformat: 4;
  nbformat_minor: number;
}

/** A cell of any kind, with what else its file says of it. Only code cells have outputs. */
export interface Cell {
  readonly cell_type: string;
  readonly id: string;
  readonly source: string;
  metadata: Record<string, unknown>;
  outputs?: IOutput[];
  execution_count?: number | null;
}

/** A code cell. */
export type CodeCell = Cell & Required<Pick<Cell, "outputs" | "execution_count">>;

/** Whether a cell is executed. */
export const isCode = (cell: Cell): cell is CodeCell => cell.cell_type === "code";

/** Whether a cell has a tag. */
export const hasTag = (cell: Cell, tag: string): boolean =>
  Array.isArray(cell.metadata.tags) && cell.metadata.tags.includes(tag);

/** A code cell that was not executed yet. */
export function newCodeCell(source: string, metadata: Cell["metadata"] = {}): CodeCell {
  return { cell_type: "code", id: newId(), source, metadata, outputs: [], execution_count: null };
}

/** Reads a notebook to be executed: what version 4.5 wants is added where it is missing. */
export async function openNotebook(path: string): Promise<Notebook> {
  const { cells, nbformat_minor, ...rest } = await readNotebook(path);
  const ids = new Set<string>();
  return {
    ...rest,
    metadata: { ...rest.metadata },
    nbformat_minor: Math.max(5, nbformat_minor),
    cells: cells.map((cell) => completed(cell, ids)),
  };
}

/** Writes a notebook as Jupyter does (keys in order, texts as lists of lines), whole or not at all. */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  await atomicWrite(path, notebookText(notebook));
}

/** What stands in a notebook's file. */
export function notebookText({ cells, ...rest }: Notebook): string {
  const file = { ...rest, cells: cells.map((cell) => ({ ...cell, ...inLines(cell) })) };
  return `${JSON.stringify(sorted(file), null, 1)}\n`;
}

function inLines({ source, outputs }: Cell): object {
  return { source: lines(source), ...(outputs && { outputs: outputs.map(outputInLines) }) };
}

function outputInLines(output: IOutput): object {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  if (!isRecord(output.data)) return output;
  const data = Object.entries(output.data).map((
    [type, value],
  ) => [type, /^text\/|\/(javascript|svg\+xml)$/.test(type) ? lines(value) : value]);
  return { ...output, data: Object.fromEntries(data) };
}

const lines = (text: unknown): unknown => typeof text === "string" ? text.split(/(?<=\n)/).filter(Boolean) : text;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => [k, sorted(v)]));
}

function completed(cell: NotebookCell, ids: Set<string>): Cell {
  const id = cell.id !== undefined && /^[\w-]{1,64}$/.test(cell.id) && !ids.has(cell.id) ? cell.id : newId();
  ids.add(id);
  const metadata = isRecord(cell.metadata) ? { ...cell.metadata } : {};
  const { execution_count = null, outputs = [] } = cell;
  return { ...cell, ...(cell.cell_type === "code" ? { execution_count, outputs } : {}), id, metadata } as Cell;
}

const newId = (): string => crypto.randomUUID().slice(0, 8);
