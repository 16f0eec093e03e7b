import type { IOutput } from "@jupyterlab/nbformat";
import project from "../../deno.json" with { type: "json" };
import { type Notebook, notebookText, openNotebook } from "../../src/jupyter/ipynb.ts";

/** How a cell of a test's notebook gets params(). */
export const importParams = `import { params } from "ptutils";`;

/** Makes `ptutils` known to the notebooks in a folder: this project, as it is. */
export async function mapLibrary(folder: string): Promise<void> {
  const imports = { ...project.imports, ptutils: new URL("../../mod.ts", import.meta.url).href };
  await Deno.writeTextFile(`${folder}/deno.json`, JSON.stringify({ imports, nodeModulesDir: "none", lock: false }));
}

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
