import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = fileURLToPath(new URL("../..", import.meta.url));
const { tasks } = JSON.parse(Deno.readTextFileSync(`${root}deno.json`)) as { tasks: Record<string, string> };

/** What a program printed, and how it ended. */
export interface Outcome {
  code: number;
  out: string;
  err: string;
}

/**
 * A task of deno.json with exactly its permissions, in the project's folder as `deno task` would start it.
 *
 * @param by a program that starts it, with its arguments
 */
export function startTask(
  name: string,
  args: readonly string[],
  env: Record<string, string> = {},
  by: readonly string[] = [],
): Deno.ChildProcess {
  const [, verb, ...words] = tasks[name]!.split(" "); // "deno" itself is the one that runs the tests
  const [command, ...all] = [...by, Deno.execPath(), verb!, "--no-prompt", ...words, ...args];
  return start(command!, all, root, env);
}

/** Runs a task to its end. */
export const runTask = (name: string, args: readonly string[], env?: Record<string, string>): Promise<Outcome> =>
  outcome(startTask(name, args, env));

/** Starts a program whose output is read. */
export const start = (command: string, args: string[], cwd: string, env: Record<string, string> = {}) =>
  new Deno.Command(command, {
    args,
    cwd,
    env: { NO_COLOR: "1", INIT_CWD: "", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();

/** Waits for its end. */
export async function outcome(child: Deno.ChildProcess): Promise<Outcome> {
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** Executes cells in a folder on a kernel, by nbclient. What they write to disk is what they found. */
export async function executeCells(
  python: string,
  { folder, jupyterPath, cells }: { folder: string; jupyterPath: string; cells: readonly string[] },
): Promise<Outcome> {
  const program = [
    "import json, sys, nbformat",
    "from nbclient import NotebookClient",
    "cells = [nbformat.v4.new_code_cell(source) for source in json.loads(sys.argv[1])]",
    "notebook = nbformat.v4.new_notebook(cells=cells)",
    "NotebookClient(notebook, kernel_name='ptutils', resources={'metadata': {'path': sys.argv[2]}}).execute()",
  ].join("\n");
  const env = { JUPYTER_PATH: jupyterPath };
  return await outcome(start(python, ["-c", program, JSON.stringify(cells), folder], folder, env));
}
