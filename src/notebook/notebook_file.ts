import { readFile } from "node:fs/promises";
import { isRecord, type Json } from "../module/value.ts";

/** One output of a cell, with all that the file says of it; text in one piece. */
export interface NotebookOutput {
  readonly output_type: string;
  /** Contents by MIME type, for `display_data` and `execute_result`. */
  readonly data?: Readonly<Record<string, Json>>;
  readonly [field: string]: unknown;
}

/** One cell, with all that the file says of it; text in one piece. */
export interface NotebookCell {
  readonly cell_type: string;
  /** From nbformat 4.5 on. */
  readonly id?: string;
  readonly source: string;
  readonly outputs?: readonly NotebookOutput[];
  readonly [field: string]: unknown;
}

/** A notebook, with all that the file says. */
export interface Notebook {
  readonly nbformat: 4;
  readonly nbformat_minor: number;
  readonly metadata: Readonly<Record<string, Json>>;
  readonly cells: readonly NotebookCell[];
  readonly [field: string]: unknown;
}

/**
 * Reads a notebook of nbformat 4. Nothing in it is run.
 *
 * @throws {SyntaxError} a file that is not JSON, or damaged; @throws {TypeError} JSON that is no notebook of format 4
 */
export async function readNotebook(path: string): Promise<Notebook> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw unreadable(path, cause as Error & { code?: string });
  }
  return parseNotebook(text, path);
}

/** The notebook that text is; `path` is what errors call it. */
export function parseNotebook(text: string, path: string): Notebook {
  const data = parseText(text.replace(/^\uFEFF/, ""), path);
  if (!isRecord(data)) throw noNotebook(path, `a JSON ${kindOf(data)}`);
  const { nbformat, nbformat_minor: minor = 0, metadata = {}, cells } = data;
  if (nbformat === undefined) throw noNotebook(path, "JSON without an nbformat");
  if (nbformat !== 4) throw otherFormat(path, nbformat);
  if (!Array.isArray(cells)) throw damaged(path, `its cells are ${kindOf(cells)}`);
  return {
    ...data,
    nbformat,
    nbformat_minor: minor as number,
    metadata: metadata as Notebook["metadata"],
    cells: cells.map((cell, i) => cellOf(cell, path, i)),
  };
}

function cellOf(cell: unknown, path: string, i: number): NotebookCell {
  const source = isRecord(cell) ? joined(cell.source ?? "") : undefined;
  if (!isRecord(cell) || typeof cell.cell_type !== "string" || source === undefined) {
    throw damaged(path, `its cell ${i} is ${JSON.stringify(cell)?.slice(0, 60)}`);
  }
  const { cell_type, outputs } = cell;
  if (outputs === undefined) return { ...cell, cell_type, source };
  if (!Array.isArray(outputs)) throw damaged(path, `the outputs of its cell ${i} are ${kindOf(outputs)}`);
  return { ...cell, cell_type, source, outputs: outputs.map((output) => outputOf(output, path, i)) };
}

function outputOf(output: unknown, path: string, i: number): NotebookOutput {
  if (!isRecord(output) || typeof output.output_type !== "string") {
    throw damaged(path, `an output of its cell ${i} is ${JSON.stringify(output)?.slice(0, 60)}`);
  }
  const data = isRecord(output.data)
    ? Object.entries(output.data).map(([type, item]) => [type, joined(item) ?? item])
    : [];
  return {
    ...output,
    output_type: output.output_type,
    ...(output.text === undefined ? {} : { text: joined(output.text) ?? output.text }),
    ...(isRecord(output.data) ? { data: Object.fromEntries(data) } : {}),
  };
}

/** Text that may lie in the file as a list of its lines; undefined for anything else. */
function joined(text: unknown): string | undefined {
  if (typeof text === "string") return text;
  return Array.isArray(text) && text.every((line) => typeof line === "string") ? text.join("") : undefined;
}

function parseText(text: string, path: string): unknown {
  if (text.trim() === "") throw damaged(path, "it is empty");
  try {
    return JSON.parse(text);
  } catch (cause) {
    const mended = withoutBareNumbers(text);
    if (mended !== text) return parseText(mended, path);
    const start = JSON.stringify(text.trimStart().slice(0, 20));
    const found = /^\s*\{/.test(text)
      ? `it is cut or damaged (${(cause as Error).message})`
      : `it begins with ${start}`;
    throw damaged(path, found, cause);
  }
}

/** Python writes numbers that JSON doesn't have, papermill those of its parameters; they are read as null. */
function withoutBareNumbers(text: string): string {
  let quoted = false;
  return text.replaceAll(/\\.|"|-?\b(?:NaN|Infinity)\b/gs, (found) => {
    if (found === '"') quoted = !quoted;
    return quoted || found === '"' ? found : "null";
  });
}

const kindOf = (value: unknown): string =>
  value === undefined ? "missing" : value === null ? "null" : Array.isArray(value) ? "list" : typeof value;

const noNotebook = (path: string, found: string) =>
  new TypeError(`Cannot read the notebook "${path}": found ${found}; give the path of an .ipynb file`);

const otherFormat = (path: string, found: unknown) =>
  new TypeError(
    `Cannot read the notebook "${path}": it is of nbformat ${JSON.stringify(found)}, known is 4; ` +
      `open it in JupyterLab and save it, or convert it: jupyter nbconvert --to notebook --nbformat 4`,
  );

const damaged = (path: string, found: string, cause?: unknown) =>
  new SyntaxError(`Cannot read the notebook "${path}": ${found}; give an .ipynb file, or restore a copy of it`, {
    cause,
  });

function unreadable(path: string, cause: Error & { code?: string }): Error {
  const found = cause.code === "ENOENT"
    ? "there is no such file"
    : cause.code === "EISDIR"
    ? "it is a folder"
    : cause.message;
  const error = new Error(`Cannot read the notebook "${path}": ${found}; check the path`, { cause });
  return Object.assign(error, cause.code === undefined ? {} : { code: cause.code });
}
