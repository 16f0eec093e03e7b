import { readFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { plotlySource } from "../notebook/plotly_source.ts";
import { requireDeno } from "./deno_version.ts";
import { installedVersion, kernelName, kernelspec } from "./kernelspec.ts";
import { type KernelPlace, kernelsFolder } from "./prefix.ts";
import { refusal } from "./refusal.ts";
import { replaceFolder } from "./replace_folder.ts";

/** A kernel that was installed. */
export interface InstalledKernel {
  readonly name: string;
  readonly folder: string;
  /** The Deno that it starts. */
  readonly deno: string;
  /** The version of ours that stood there before. */
  readonly replaced?: string;
  /** What the user should know of it. */
  readonly hints: readonly string[];
}

const logos = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];

/**
 * Installs the Jupyter kernel, whole or not at all; one of ours that stands there is replaced.
 *
 * @throws {RangeError} a kernel of this name stands there that is not ours
 * @throws {Error} Deno is too old, or the folder can't be written
 */
export async function installKernel(place: KernelPlace = {}): Promise<InstalledKernel> {
  requireDeno("install the kernel");
  const kernels = await kernelsFolder(place), folder = join(kernels, kernelName), deno = Deno.execPath();
  try {
    const replaced = await installedVersion(folder);
    if (replaced === undefined) await refuseOthers(folder);
    // Not put together among the kernels, where Jupyter would list half a one.
    await replaceFolder(folder, dirname(kernels), (temporary) => fill(temporary, deno));
    return { name: kernelName, folder, deno, ...(replaced === undefined ? {} : { replaced }), hints: hintsOn(deno) };
  } catch (error) {
    throw refusal("install the kernel", folder, "choose another place: for the user (no option), or --prefix", error);
  }
}

/** Installs the kernel where it isn't, or is another version or another Deno's. Gives its folder. */
export async function ensureKernel(place: KernelPlace = {}): Promise<string> {
  const folder = join(await kernelsFolder(place), kernelName);
  const found = await Deno.readTextFile(join(folder, "kernel.json")).catch(() => undefined);
  return found === kernelJson(Deno.execPath()) ? folder : (await installKernel(place)).folder;
}

const kernelJson = (deno: string): string => `${JSON.stringify(kernelspec(deno), null, 2)}\n`;

async function fill(folder: string, deno: string): Promise<void> {
  for (const logo of logos) {
    await Deno.writeFile(join(folder, logo), await readFile(new URL(`logos/${logo}`, import.meta.url)));
  }
  await Deno.writeTextFile(join(folder, "plotly.min.js"), await plotlySource());
  await Deno.writeTextFile(join(folder, "kernel.json"), kernelJson(deno));
}

async function refuseOthers(folder: string): Promise<void> {
  if (await Deno.lstat(folder).catch(() => undefined) === undefined) return;
  throw new RangeError(
    `Cannot install the kernel: "${folder}" is there already, and was not made by this project; ` +
      "move it away if it isn't needed, or use --prefix",
  );
}

/** What to know of a kernel that starts this Deno. */
export const hintsOn = (deno: string): string[] =>
  deno.split(sep).includes("_npx")
    ? [
      `The kernel starts the Deno in npx's cache (${deno}). When that cache is cleaned, it stops working: ` +
      "run this command again then.",
    ]
    : [];
