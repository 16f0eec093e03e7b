import type { NotebookProgress } from "../jupyter/run_notebook.ts";

const widest = 80;

/** Prints how a notebook goes: a line for each cell, begun when the cell begins. */
export function tellNotebook(progress: NotebookProgress): void {
  if (progress.type === "note") return console.error(progress.text);
  const { cell, of } = progress;
  if (progress.type === "cell") {
    return write(`[${`${cell}`.padStart(`${of}`.length)}/${of}] ${headline(progress.source)}`);
  }
  write(
    `  ${progress.seconds.toFixed(progress.seconds < 10 ? 1 : 0)} s${progress.error === undefined ? "" : "  failed"}\n`,
  );
}

const write = (text: string) => void Deno.stdout.writeSync(new TextEncoder().encode(text));

/** The first line of a cell that says something, without what would move a terminal's cursor. */
function headline(source: string): string {
  const line = source.split("\n").find((line) => line.trim() !== "") ?? "(empty)";
  // deno-lint-ignore no-control-regex
  const plain = line.trim().replace(/[\u0000-\u001f\u007f-\u009f]/g, " ");
  return plain.length > widest ? `${plain.slice(0, widest - 3)}...` : plain;
}
