import { compareVersions } from "./deno_version.ts";

/** A Python that can be run. */
export interface Python {
  /** The command that starts it, as it was found. */
  readonly command: string;
  readonly version: string;
  /** Its environment: `sys.prefix`. */
  readonly prefix: string;
}

/** The oldest Python that JupyterLab runs on. */
export const oldestPython = "3.10";

const usual = Deno.build.os === "windows" ? ["python", "py", "python3"] : ["python3", "python"];

/**
 * The first of the commands that is a Python, new enough.
 *
 * @param what what it is for, for the message: `open JupyterLab`
 * @throws {Error} there is none: the message says how to get it
 */
export async function findPython(what: string, commands: readonly string[] = usual): Promise<Python> {
  let tooOld: Python | undefined;
  for (const command of commands) {
    const found = await askPython(command);
    if (found !== undefined && compareVersions(found.version, oldestPython) >= 0) return found;
    tooOld ??= found;
  }
  const lack = tooOld === undefined
    ? `no Python was found (looked for ${commands.join(", ")})`
    : `"${tooOld.command}" is Python ${tooOld.version}, which is too old`;
  throw new Error(`Cannot ${what}: ${lack}; get Python ${oldestPython} or newer ${source()}, and run this again`);
}

/** What a command says of itself when it is a Python. */
export async function askPython(command: string): Promise<Python | undefined> {
  const program = "import sys; print('%d.%d.%d' % sys.version_info[:3]); print(sys.prefix)";
  try {
    const { success, stdout } = await new Deno.Command(command, {
      args: ["-c", program],
      stdin: "null",
      stderr: "null",
    }).output();
    const [version = "", prefix = ""] = new TextDecoder().decode(stdout).split(/\r?\n/);
    return success && /^\d+\.\d+/.test(version) ? { command, version, prefix } : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied) return undefined;
    throw error;
  }
}

function source(): string {
  switch (Deno.build.os) {
    case "darwin":
      return "(brew install python, or https://www.python.org/downloads/)";
    case "windows":
      return "(winget install Python.Python.3.13, or https://www.python.org/downloads/)";
    default:
      return "(on Debian or Ubuntu: sudo apt install python3 python3-venv)";
  }
}
