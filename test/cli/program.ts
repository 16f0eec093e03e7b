const root = new URL("../..", import.meta.url).pathname;
const { tasks } = JSON.parse(Deno.readTextFileSync(`${root}deno.json`)) as { tasks: Record<string, string> };

/** What a program printed, and how it ended. */
export interface Outcome {
  code: number;
  out: string;
  err: string;
}

/** Starts a task of deno.json, with exactly its permissions, in a folder of its own. */
export function startTask(task: "demo" | "ptutils", folder: string, args: readonly string[] = []): Deno.ChildProcess {
  const [, ...words] = tasks[task]!.split(" "); // "deno" itself is the one that runs the tests
  const script = words.findIndex((word) => word.endsWith(".ts"));
  words[script] = root + words[script];
  const flags = ["--no-prompt", "--config", `${root}deno.json`];
  return new Deno.Command(Deno.execPath(), {
    args: [words[0]!, ...flags, ...words.slice(1), ...args],
    cwd: folder,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
}

/** Waits for its end. */
export async function outcome(child: Deno.ChildProcess): Promise<Outcome> {
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** Runs a task to its end. */
export const runTask = (task: "demo" | "ptutils", folder: string, args: readonly string[] = []): Promise<Outcome> =>
  outcome(startTask(task, folder, args));
