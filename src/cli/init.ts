import type { Command } from "commander";
import { initFolder } from "../jupyter/init.ts";
import { givenPath } from "./given_path.ts";

/** Adds `init FOLDER` to a program: makes a folder of notebooks ready. */
export function addInit(program: Command): void {
  program.command("init").argument("<folder>", "a folder of notebooks; made if it isn't there")
    .description('make a folder of notebooks ready, so that import { Session } from "ptutils" works in it')
    .option("--force", "replace what ptutils is there")
    .action(async (folder: string, { force = false }: { force?: boolean }) =>
      console.log(await init(givenPath(folder), force))
    );
}

/** Makes a folder ready; tells what was done. */
async function init(path: string, force: boolean): Promise<string> {
  const { folder, file, changes, warnings } = await initFolder(path, { force });
  const done = changes.length === 0
    ? [`${folder} is ready: Deno finds ptutils by ${file}. Nothing was written.`]
    : [`${folder} is ready. Written into ${file}:`, ...changes.map((change) => `  ${change}`)];
  const restart = changes.length === 0 ? [] : ["A kernel that runs there already must be restarted to see it."];
  return [...done, ...warnings.map((warning) => `warning: ${warning}`), ...restart].join("\n");
}
