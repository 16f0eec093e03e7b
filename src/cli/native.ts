import { Command } from "commander";
import { basename, dirname, join } from "node:path";
import project from "../../deno.json" with { type: "json" };
import { fillFolder, releaseFor } from "../backend/native/build/build.ts";
import { findCompiler } from "../backend/native/build/compile.ts";
import { nativeFolder } from "../backend/native/folder.ts";
import { findPython } from "../jupyter/python.ts";
import { refusal } from "../jupyter/refusal.ts";
import { removeFolder, replaceFolder } from "../jupyter/replace_folder.ts";
import { temporaryExtension } from "../module/atomic_write.ts";
import { lockFile } from "../store/disk/file_lock.ts";
import { runProgram } from "./run_program.ts";

interface Options {
  readonly gpu: boolean;
  readonly remove: boolean;
  readonly folder?: string;
}

/** `deno task native`: TensorFlow for the project, as `auto` finds it. */
const program = new Command("native")
  .description(
    "Brings TensorFlow's library from the Python Package Index and builds tfjs-node's binding to it, in .native of the " +
      'project: from then on the backend "native" works, and "auto" takes it. It needs Python with pip and a C++ compiler.',
  )
  .version(project.version)
  .option("--gpu", "for NVIDIA's GPUs, with CUDA's libraries (about 6 GB)", false)
  .option("--remove", "remove it", false)
  .option("--folder <path>", "another folder than the project's .native")
  .action(async ({ gpu, remove, folder: given }: Options) => {
    const folder = given ?? nativeFolder();
    if (folder === undefined) {
      throw new Error("Cannot bring TensorFlow: this program does not lie on a disk; get the project's folder");
    }
    const root = dirname(folder);
    try {
      using _lock = await onlyOne(folder);
      await sweep(folder);
      if (remove) await removeIt(folder, root);
      else await bringIt(folder, root, gpu);
    } catch (error) {
      throw refusal("bring TensorFlow", root, "the project's folder must be yours to write", error);
    }
  });

async function bringIt(folder: string, root: string, gpu: boolean): Promise<void> {
  const start = performance.now();
  releaseFor(gpu);
  const compiler = await findCompiler();
  const { command: python } = await findPython("bring TensorFlow");
  await replaceFolder(folder, root, (temporary) => fillFolder(temporary, { gpu, python, compiler, tell }));
  tell(
    `${folder} is ready after ${Math.round((performance.now() - start) / 1000)} s; backend "auto" takes it from now on`,
  );
}

async function removeIt(folder: string, root: string): Promise<void> {
  const there = await Deno.stat(folder).then(() => true, () => false);
  await removeFolder(folder, root);
  tell(there ? `removed ${folder}` : `there is no ${folder}`);
}

const tell = (line: string): void => console.log(line);

/** Two at once would bring everything twice. */
async function onlyOne(folder: string): Promise<Disposable> {
  const lock = await lockFile(`${folder}.lock`, { what: `the folder "${folder}"`, wait: 0 });
  return { [Symbol.dispose]: () => lock.release() };
}

/** What was left half built: nobody else is at work on it. */
async function sweep(folder: string): Promise<void> {
  for (const { name } of Deno.readDirSync(dirname(folder))) {
    if (!name.startsWith(`.${basename(folder)}.`) || !name.endsWith(temporaryExtension)) continue;
    await Deno.remove(join(dirname(folder), name), { recursive: true });
  }
}

await runProgram(program);
