import { Command } from "commander";
import project from "../../deno.json" with { type: "json" };
import { installKernel } from "../jupyter/install_kernel.ts";
import type { KernelPlace } from "../jupyter/prefix.ts";
import { uninstallKernel } from "../jupyter/uninstall_kernel.ts";
import { givenPath } from "./given_path.ts";
import { runProgram } from "./run_program.ts";

interface Options {
  user?: boolean;
  sysPrefix?: boolean;
  prefix?: string;
  uninstall?: boolean;
}

/** `deno task kernel`: installs the Jupyter kernel, or removes it. */
const program = new Command("kernel")
  .description('Installs the Jupyter kernel "Deno (PTUtils)".')
  .version(project.version)
  .option("--user", "for you alone, in any Jupyter of yours (the default)")
  .option("--sys-prefix", "in the Python environment that is active")
  .option("--prefix <folder>", "in a folder of your own, as <folder>/share/jupyter/kernels")
  .option("--uninstall", "remove it from there")
  .action(async ({ user, sysPrefix, prefix, uninstall }: Options) => {
    if (user && (sysPrefix || prefix !== undefined)) {
      throw new RangeError("Cannot choose where the kernel goes: --user and another place are named; name one of them");
    }
    const place: KernelPlace = {
      ...(sysPrefix ? { sysPrefix } : {}),
      ...(prefix ? { prefix: givenPath(prefix) } : {}),
    };
    await (uninstall ? remove(place) : install(place));
  });

async function install(place: KernelPlace): Promise<void> {
  const { folder, replaced, hints } = await installKernel(place);
  console.log(`${replaced === undefined ? "installed" : "installed again"} the kernel "Deno (PTUtils)" in ${folder}`);
  console.log('Next: choose it for a notebook in JupyterLab or VS Code, and import { Session } from "ptutils".');
  console.log("      A folder of notebooks outside this project: npx deno task ptutils init FOLDER makes it ready.");
  if (place.prefix !== undefined) {
    console.log(`      A Jupyter of another environment finds it with JUPYTER_PATH=${place.prefix}/share/jupyter`);
  }
  for (const hint of hints) console.log(hint);
}

async function remove(place: KernelPlace): Promise<void> {
  console.log(`removed the kernel "Deno (PTUtils)" from ${await uninstallKernel(place)}`);
}

await runProgram(program);
