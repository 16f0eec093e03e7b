import { join } from "node:path";
import { graphicsCards, openCuda } from "./cuda.ts";
import { nativeFolder } from "./folder.ts";
import { findInstalled } from "./installed.ts";
import { loadBinding, type Loaded } from "./load_binding.ts";
import { bindingFile, checkFolder, mend } from "./manifest.ts";
import { mayRead } from "./may_read.ts";

/** TensorFlow at work. */
export interface Started extends Loaded {
  /** The name of the GPU that it computes on; undefined where the processor does. */
  readonly gpu: string | undefined;
}

/**
 * Starts TensorFlow: that of an installed package if there is one that works, else that of a folder.
 *
 * @param folder one that `deno task native` filled; left out, the project's, after the installed packages
 * @throws {Error} why none works, in a clause
 */
export async function start(threads: number | "auto", folder?: string): Promise<Started> {
  const reasons: string[] = [];
  for (const { name, path } of folder === undefined ? await findInstalled(places()) : []) {
    try {
      requireForeignFunctions();
      return withDevice(await loadBinding(path, threads));
    } catch (error) {
      reasons.push(`the installed ${name} can't be loaded (${firstLine(error)})`);
    }
  }
  try {
    return await startFolder(threads, folder ?? nativeFolder());
  } catch (error) {
    throw new Error([...reasons, (error as Error).message].join("; "), { cause: error });
  }
}

async function startFolder(threads: number | "auto", folder: string | undefined): Promise<Started> {
  if (folder === undefined) throw new Error("ptutils doesn't lie on a disk, where TensorFlow could be beside it");
  if (!mayRead(folder)) throw new Error(`it needs to read "${folder}" (--allow-read)`);
  const { gpu } = await checkFolder(folder);
  requireForeignFunctions();
  try {
    if (gpu) openCuda(folder);
    return withDevice(await loadBinding(join(folder, bindingFile), threads));
  } catch (error) {
    throw new Error(`TensorFlow can't be loaded from "${folder}" (${firstLine(error)}); ${mend}`, { cause: error });
  }
}

/** Where packages may be installed: in this folder, in the project's, and above. */
function places(): string[] {
  const folders = [import.meta.dirname ?? []].flat();
  return mayRead(".") ? [Deno.cwd(), ...folders] : folders;
}

/** TensorFlow is no JavaScript: what loads it must be allowed to, and isn't asked for here. */
function requireForeignFunctions(): void {
  if (Deno.permissions.querySync({ name: "ffi" }).state !== "granted") throw new Error("it needs --allow-ffi");
}

const withDevice = (loaded: Loaded): Started => ({
  ...loaded,
  gpu: loaded.binding.isUsingGpuDevice() ? graphicsCards().join(", ") : undefined,
});

const firstLine = (error: unknown): string => String((error as Error).message).split("\n")[0]!;
