import { join, resolve } from "node:path";
import { findPython } from "./python.ts";

/** Where a kernel is installed: for the user when nothing is said. */
export interface KernelPlace {
  /** The Python environment that is active: its `share/jupyter`. */
  readonly sysPrefix?: boolean;
  /** A folder of one's own, as `PREFIX/share/jupyter`. */
  readonly prefix?: string;
}

/**
 * The folder in which Jupyter looks for kernels: one folder each.
 *
 * @throws {RangeError} both places are named, or the system does not say where the user's home is
 */
export async function kernelsFolder({ sysPrefix = false, prefix }: KernelPlace = {}): Promise<string> {
  if (sysPrefix && prefix !== undefined) {
    throw new RangeError(
      `Cannot choose where the kernel goes: both the Python environment and "${prefix}" are named; name one of them`,
    );
  }
  const data = prefix !== undefined ? shareOf(resolve(prefix)) : sysPrefix ? shareOf(await pythonPrefix()) : userData();
  return join(data, "kernels");
}

const shareOf = (prefix: string): string => join(prefix, "share", "jupyter");

async function pythonPrefix(): Promise<string> {
  return Deno.env.get("VIRTUAL_ENV") || (await findPython("find the Python environment")).prefix;
}

/** Jupyter's folder of the user, as `jupyter --data-dir` says it. */
function userData(): string {
  const env = (name: string): string | undefined => Deno.env.get(name) || undefined;
  const named = env("JUPYTER_DATA_DIR");
  if (named !== undefined) return resolve(named);
  const home = () => env("HOME") ?? env("USERPROFILE") ?? noHome();
  if (Deno.build.os === "darwin") return join(home(), "Library", "Jupyter");
  if (Deno.build.os === "windows") {
    const data = env("APPDATA");
    return data === undefined ? join(home(), ".jupyter", "data") : join(data, "jupyter");
  }
  return join(env("XDG_DATA_HOME") ?? join(home(), ".local", "share"), "jupyter");
}

function noHome(): never {
  throw new RangeError(
    "Cannot find Jupyter's folder of the user: the system does not say where the user's home is; " +
      "set JUPYTER_DATA_DIR, or use --prefix",
  );
}
