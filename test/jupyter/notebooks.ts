import type { IOutput } from "@jupyterlab/nbformat";
import { type Notebook, notebookText, openNotebook } from "../../src/jupyter/ipynb.ts";

/** Where a cell of a test's notebook gets params() from. */
export const importParams = `import { params } from "${new URL("../../src/notebook/params.ts", import.meta.url)}";`;

/** A cell's source, and its tags. */
export type Source = string | { readonly source: string; readonly tags: string[] };

/** Writes a notebook of code cells; without ids, as older ones are. */
export async function writeCells(path: string, cells: readonly Source[], kernel = "ptutils"): Promise<void> {
  const code = cells.map((cell) => {
    const { source, tags = [] } = typeof cell === "string" ? { source: cell } : cell;
    return { cell_type: "code", source, metadata: { tags }, outputs: [], execution_count: null };
  });
  const kernelspec = { name: kernel, display_name: kernel, language: "typescript" };
  const notebook = { cells: code, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 4 } as unknown as Notebook;
  await Deno.writeTextFile(path, notebookText(notebook));
}

/** The outputs of each cell, in short: text as it is, an error by its class. */
export async function shown(path: string): Promise<string[]> {
  const { cells } = await openNotebook(path);
  return cells.map(({ outputs = [] }) => outputs.map(short).join("|"));
}

function short(output: IOutput): string {
  if (output.output_type === "stream") return `${output.name}:${output.text}`;
  if (output.output_type === "error") return `!${output.ename}`;
  // deno-lint-ignore no-control-regex
  return String((output.data as Record<string, string>)["text/plain"]).replaceAll(/\u001b\[\d+m/g, "");
}
