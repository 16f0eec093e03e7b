import { join } from "node:path";
import { installKernel } from "./install_kernel.ts";
import { kernelName, kernelspec } from "./kernelspec.ts";
import { ownFolder } from "./own_package.ts";
import { ensureVenv } from "./venv.ts";

/**
 * A Python with jupyter_server and our kernel: the one that PTUTILS_PYTHON names, as it is; else that of the project's
 * own environment, which is made if it is not there yet.
 */
export async function localPython(tell: (line: string) => void = () => {}): Promise<string> {
  const named = Deno.env.get("PTUTILS_PYTHON");
  if (named) return named;
  const root = ownFolder();
  if (root === undefined) {
    throw new Error(
      "Cannot start a Jupyter server: this program does not lie on a disk, to have a Python environment beside it; " +
        "set PTUTILS_PYTHON to a Python with jupyter_server",
    );
  }
  const venv = await ensureVenv({ root, tell });
  const folder = join(venv.prefix, "share", "jupyter", "kernels", kernelName);
  const installed = await Deno.readTextFile(join(folder, "kernel.json")).catch(() => "");
  if (installed.trim() !== JSON.stringify(kernelspec(), null, 2)) await installKernel({ prefix: venv.prefix });
  return venv.python;
}
