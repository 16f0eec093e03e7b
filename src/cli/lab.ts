import { Command, InvalidArgumentError } from "commander";
import { join } from "node:path";
import project from "../../deno.json" with { type: "json" };
import { isReady } from "../jupyter/init.ts";
import { openLab } from "../jupyter/lab.ts";
import { ownFolder } from "../jupyter/own_package.ts";
import { givenPath } from "./given_path.ts";
import { runProgram } from "./run_program.ts";

const portNumber = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new InvalidArgumentError("a port is 1 to 65535.");
  return port;
};

/** `deno task lab`: JupyterLab with the kernel, on a folder of notebooks. */
const program = new Command("lab")
  .description("Opens JupyterLab with the kernel in it; makes a private Python environment for that (.venv) if needed.")
  .version(project.version)
  .argument("[folder]", "the folder of notebooks to open; notebooks/ of this project when left out")
  .option("--no-browser", "print the address only")
  .option("--port <number>", "the port to listen on", portNumber)
  .action(async (folder: string | undefined, { browser, port }: { browser: boolean; port?: number }) => {
    const root = ownFolder();
    if (root === undefined) {
      throw new Error(
        "Cannot open JupyterLab: this program does not lie on a disk; get the project's folder, or use a JupyterLab " +
          "of yours with the kernel installed",
      );
    }
    const opened = folder === undefined ? join(root, "notebooks") : givenPath(folder);
    await requireFolder(opened);
    const tell = (line: string) => console.log(line);
    if (!await isReady(opened).catch(() => false)) {
      tell(`Notebooks in ${opened} do not find ptutils yet: npx deno task ptutils init ${opened}`);
    }
    Deno.exit(await openLab({ root, folder: opened, browser, tell, ...(port === undefined ? {} : { port }) }));
  });

async function requireFolder(path: string): Promise<void> {
  const found = await Deno.stat(path).catch(() => undefined);
  if (found?.isDirectory) return;
  throw new RangeError(
    `Cannot open JupyterLab on "${path}": ${found === undefined ? "it is not there" : "it is a file"}; name a folder`,
  );
}

await runProgram(program);
