import type { IError } from "@jupyterlab/nbformat";
import type { CodeCell } from "./ipynb.ts";
import type { Kernel } from "./kernel.ts";

type Failure = Pick<IError, "ename" | "evalue" | "traceback">;

/**
 * A failure with its reason. Of code that can't be parsed a Deno kernel says only "Execution failed": the reason is then
 * found by having it parse the code as a module, behind a `throw` that keeps it from running, and put into the output.
 */
export async function explain(kernel: Kernel, cell: CodeCell, failure: Failure): Promise<Failure> {
  const silent = kernel.isDeno && failure.traceback.length === 0 && failure.evalue === "Execution failed";
  // A module's imports run before it does.
  if (!silent || /^\s*import\b/m.test(cell.source)) return failure;
  const module = JSON.stringify(`data:application/typescript,${encodeURIComponent(`throw null;\n${cell.source}`)}`);
  const reason = await kernel.ask(`await import(${module}).catch((error) => error?.message ?? null)`).catch(() => null);
  if (typeof reason !== "string") return failure;
  // The line with the `throw` is ours.
  const text = reason.replace(/\s*at data:.*$/, "").replaceAll(/^(\d+) (?=\|)/gm, (_, line) => `${line - 1} `);
  const explained = { ename: "SyntaxError", evalue: text.replace(/^SyntaxError: /, ""), traceback: [text] };
  Object.assign(cell.outputs.findLast((output) => output.output_type === "error") ?? {}, explained);
  return explained;
}
