import { type Command, InvalidArgumentError } from "commander";
import { basename, isAbsolute, normalize } from "node:path";
import { runNotebook } from "../jupyter/run_notebook.ts";
import { parseSettings } from "../jupyter/setting.ts";
import { verificationText } from "../notebook/verification.ts";
import { verify } from "../notebook/verify.ts";
import { givenPath } from "./given_path.ts";
import { tellNotebook } from "./tell_notebook.ts";

/** The exit status of a program that SIGINT ended, as shells have it. */
const interruptedStatus = 130;

interface RunOptions {
  readonly set?: string[];
  readonly server?: string;
  readonly kernel?: string;
  readonly timeout?: number;
}

/** Adds `notebook run` and `notebook verify` to a program. */
export function addNotebook(program: Command): void {
  const notebook = program.command("notebook").description("execute notebooks");
  notebook.command("run").argument("<input>", "the notebook").argument("<output>", "where the executed one is written")
    .description("execute a notebook from its first cell to its last, or to the first error")
    .option("--set <name=value>", "set a parameter that params() declares, no secret; may be repeated", collect)
    .option("--server <url>", "a Jupyter server, its token in JUPYTER_TOKEN; a private one when left out")
    .option("--kernel <name>", "the kernel; the notebook's own when left out")
    .option("--timeout <seconds>", "how long a cell may take, and runs in the background after the last", seconds)
    .action(async (input: string, output: string, options: RunOptions) => {
      Deno.exit(await run(input, output, options));
    });
  notebook.command("verify").argument("<notebook>", "an executed notebook")
    .description(
      "say of each cell that shows a run whether the run's store has the same, or source, configuration or run changed " +
        "since (stale); the exit status is 1 when any is stale, else 0",
    )
    .action(async (path: string) => {
      const found = await verify(givenPath(path));
      console.log(found.length === 0 ? "it shows no run" : verificationText(found));
      Deno.exit(found.some(({ verdict }) => verdict === "stale") ? 1 : 0);
    });
}

/** Executes a notebook and tells of it. Gives the exit status. */
async function run(input: string, output: string, options: RunOptions): Promise<number> {
  const { set = [], server: url, kernel, timeout } = options;
  const token = Deno.env.get("JUPYTER_TOKEN");
  const { status, error } = await runNotebook({
    input: givenPath(input),
    output: givenPath(output),
    parameters: parseSettings(set),
    ...(url !== undefined && { server: { url, ...(token && { token }), path: pathThere(input) } }),
    ...(kernel !== undefined && { kernel }),
    ...(timeout !== undefined && { timeout }),
    ...interruptible(),
    tell: tellNotebook,
  });
  if (status === "interrupted") {
    console.error(`interrupted; what was done stands in ${output}`);
    return interruptedStatus;
  }
  if (error === undefined) return 0;
  console.error(`${error.traceback.join("\n") || `${error.ename}: ${error.evalue}`}`);
  console.error(`cell ${error.cell} failed; what was done stands in ${output}`);
  return 1;
}

/** Where a notebook is taken to be on a server: at the same path from its root as here, if that can be. */
function pathThere(input: string): string {
  const path = normalize(input);
  return isAbsolute(path) || path.startsWith("..") ? basename(path) : path.replaceAll("\\", "/");
}

/** The first Ctrl-C stops the cell, the second ends the run and its kernel, the third this program. SIGTERM: the second. */
function interruptible(): { signal: AbortSignal; abandon: AbortSignal } {
  const stop = new AbortController(), end = new AbortController();
  Deno.addSignalListener("SIGINT", () => {
    if (end.signal.aborted) Deno.exit(interruptedStatus);
    if (stop.signal.aborted) return end.abort();
    console.error("\nstopping the cell; press Ctrl-C again to end at once");
    stop.abort();
  });
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => end.abort());
  return { signal: stop.signal, abandon: end.signal };
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("it is a number of seconds.");
  return value;
}
