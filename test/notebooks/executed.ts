import { stripVTControlCharacters } from "node:util";
import { outcome, start } from "../jupyter/tasks.ts";

/** An output of a cell. */
export interface Output {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly text?: string | readonly string[];
  readonly evalue?: string;
}

/** A cell of a notebook's file. */
export interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly execution_count?: number | null;
  readonly outputs?: readonly Output[];
}

/** A notebook's file. */
export interface File {
  readonly cells: readonly Cell[];
}

export const read = (path: string): File => JSON.parse(Deno.readTextFileSync(path));
export const write = (path: string, notebook: File): void => Deno.writeTextFileSync(path, JSON.stringify(notebook));

/** Without what its cells gave. */
export const clear = (notebook: File): File => ({
  ...notebook,
  cells: notebook.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, execution_count: null, outputs: [] } : cell
  ),
});

/** Executes a notebook by nbclient, in its folder. @throws {Error} a cell failed */
export async function execute(python: string, path: string): Promise<void> {
  const { code, err } = await outcome(start(python, ["-m", "jupyter", "execute", "--inplace", path], "/"));
  if (code !== 0) throw new Error(`Cannot execute ${path}: ${err}`);
}

/** Left out of a bundle when its budget is spent: a few bytes more or less decide. */
const optional = "image/png";

/** What kinds of output a cell has; printed text counts as one however it came. */
export const typesOf = ({ outputs = [] }: Cell): string[] => {
  const types = (data = {}) => Object.keys(data).filter((type) => type !== optional).sort().join(", ");
  return [...new Set(outputs.map(({ output_type, data }) => `${output_type}: ${types(data)}`))].sort();
};

/** What a cell shows as text, line by line, but for colours, and for digits, which other machines may give others of. */
export const shape = ({ outputs = [] }: Cell): string =>
  outputs.filter(({ data }) => data?.["application/vnd.plotly.v1+json"] === undefined)
    .map(({ data, text, evalue }) => [data?.["text/plain"] ?? text ?? evalue ?? ""].flat().join(""))
    .flatMap((text) => stripVTControlCharacters(text).replaceAll(/-?\d+(\.\d+)?(e-?\d+)?/g, "#").split("\n"))
    .filter((line) => line !== "").sort().join("\n");
