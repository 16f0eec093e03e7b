import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findPython } from "../src/jupyter/python.ts";
import { lockFile } from "../src/store/disk/file_lock.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const requirements = fileURLToPath(new URL("python_requirements.txt", import.meta.url));
const folder = join(root, ".python-test");
let ready: Promise<string> | undefined;

/** The Python of an environment with the libraries of `python_requirements.txt`; made once a checkout, in minutes. */
export const python = (): Promise<string> => ready ??= ensure();

/**
 * Runs a Python program and gives what it printed.
 *
 * @param args what it finds in `sys.argv[1:]`
 * @throws {Error} it failed: with what it said
 */
export async function runPython(program: string, ...args: string[]): Promise<string> {
  const env = { TF_CPP_MIN_LOG_LEVEL: "3", CUDA_VISIBLE_DEVICES: "-1", PYTHONWARNINGS: "ignore" };
  return await run(await python(), ["-c", program, ...args], env);
}

async function ensure(): Promise<string> {
  const wanted = createHash("sha256").update(Deno.readTextFileSync(requirements)).digest("hex");
  const marker = join(folder, "ready"), path = join(folder, "bin", "python");
  const isThere = () => {
    try {
      return Deno.readTextFileSync(marker) === wanted;
    } catch {
      return false;
    }
  };
  if (isThere()) return path;
  Deno.mkdirSync(folder, { recursive: true });
  const lock = await lockFile(join(root, ".python-test.lock"), { what: "the tests' Python", wait: 1_200_000 });
  try {
    if (isThere()) return path; // another file of tests was first
    console.log("making the tests' Python environment; this takes a few minutes, once");
    const { command } = await findPython("make the tests' Python environment");
    await run(command, ["-m", "venv", "--clear", folder]);
    await run(path, ["-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", requirements]);
    Deno.writeTextFileSync(marker, wanted);
    return path;
  } finally {
    lock.release();
  }
}

async function run(command: string, args: string[], env: Record<string, string> = {}): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args, env, stdin: "null" }).output();
  if (!success) {
    throw new Error(`${args.slice(0, 2).join(" ")} failed: ${new TextDecoder().decode(stderr).slice(-4000)}`);
  }
  return new TextDecoder().decode(stdout);
}
