import { join } from "node:path";

/** What the comparison needs of Python, pinned. */
const packages = ["tensorflow-cpu==2.21.0", "keras==3.15.1"];

/**
 * A Python that has Keras on TensorFlow: that of `PTUTILS_BENCH_PYTHON`, or of an environment of the benchmarks' own,
 * made when it is first needed. Undefined, and said, where there is none.
 */
export async function findKeras(): Promise<string | undefined> {
  const named = Deno.env.get("PTUTILS_BENCH_PYTHON");
  if (named !== undefined) return named;
  const folder = join(import.meta.dirname!, ".venv"), python = join(folder, "bin", "python");
  if (await succeeds(python, "-c", "import keras, tensorflow")) return python;
  console.log(`making an environment with ${packages.join(" and ")}; this takes some minutes, once`);
  const made = await succeeds("python3", "-m", "venv", folder) &&
    await succeeds(python, "-m", "pip", "install", "--quiet", ...packages);
  if (made) return python;
  console.log("NOT COMPARED with Keras: there is no Python 3 with venv and pip, or the packages can't be had");
}

async function succeeds(command: string, ...args: string[]): Promise<boolean> {
  try {
    const { success } = await new Deno.Command(command, { args, stdin: "null", stdout: "null", stderr: "null" })
      .output();
    return success;
  } catch {
    return false;
  }
}
