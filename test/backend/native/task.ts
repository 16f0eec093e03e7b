import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const { tasks } = JSON.parse(Deno.readTextFileSync(`${root}deno.json`)) as { tasks: Record<string, string> };

/** What a program printed, and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs Deno with some arguments to its end. */
export async function runDeno(args: readonly string[], options: Deno.CommandOptions = {}): Promise<Outcome> {
  const { env, ...rest } = options;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    stdin: "null",
    env: { NO_COLOR: "1", ...env },
    ...rest,
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** Runs the task `native`, with exactly its permissions. */
export function runNative(args: readonly string[], options: Deno.CommandOptions = {}): Promise<Outcome> {
  const [, run, ...words] = tasks.native!.split(" "); // "deno" itself is the one that runs the tests
  return runDeno([run!, "--no-prompt", "--config", `${root}deno.json`, ...words, ...args], { cwd: root, ...options });
}
