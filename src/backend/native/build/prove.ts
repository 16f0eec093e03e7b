import { fileURLToPath } from "node:url";
import { lastWords, runProgram } from "./program.ts";

/** What TensorFlow said of itself when it had passed the smoke test. */
export interface Proof {
  readonly version: string;
  readonly device: string;
}

/**
 * Starts TensorFlow from a folder in a process of its own, where a crash harms nothing, and puts it to the smoke test.
 *
 * @throws {Error} what went wrong
 */
export async function proveFolder(folder: string): Promise<Proof> {
  const child = fileURLToPath(new URL("./prove_child.ts", import.meta.url));
  const config = fileURLToPath(new URL("../../../../deno.json", import.meta.url));
  const args = ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-ffi", "--config", config, child, folder];
  const ended = await runProgram(Deno.execPath(), args) ?? await runProgram("deno", args);
  const proof = /^\{"version".*\}$/m.exec(ended?.said ?? "")?.[0];
  if (ended?.success && proof !== undefined) return JSON.parse(proof);
  throw new Error(
    `Cannot use the TensorFlow that was built: it failed its smoke test (${lastWords(ended?.said ?? "")})`,
  );
}
