import { dirname, join } from "node:path";
import { installedVersion, kernelName } from "./kernelspec.ts";
import { type KernelPlace, kernelsFolder } from "./prefix.ts";
import { refusal } from "./refusal.ts";
import { removeFolder } from "./replace_folder.ts";

/**
 * Removes the Jupyter kernel that {@linkcode installKernel} made there, and tells its folder.
 *
 * @throws {RangeError} there is none, or one of this name that is not ours
 */
export async function uninstallKernel(place: KernelPlace = {}): Promise<string> {
  const kernels = await kernelsFolder(place), folder = join(kernels, kernelName);
  try {
    if (await installedVersion(folder) === undefined) await refuse(folder);
    await removeFolder(folder, dirname(kernels));
    return folder;
  } catch (error) {
    throw refusal("uninstall the kernel", folder, "ask who may write there", error);
  }
}

async function refuse(folder: string): Promise<never> {
  const there = await Deno.lstat(folder).catch(() => undefined);
  throw new RangeError(
    there === undefined
      ? `Cannot uninstall the kernel: there is none at "${folder}"; "jupyter kernelspec list" tells where kernels are`
      : `Cannot uninstall the kernel: "${folder}" was not made by this project; remove it by hand if it isn't needed`,
  );
}
