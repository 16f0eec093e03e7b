/** What came of a program. */
export interface Ended {
  readonly success: boolean;
  /** All that it said. */
  readonly said: string;
}

const unavailable = [Deno.errors.NotFound, Deno.errors.PermissionDenied, Deno.errors.NotCapable];

/** Runs a program to its end; undefined when there is none of this name, or it may not be run. */
export async function runProgram(command: string, args: readonly string[]): Promise<Ended | undefined> {
  try {
    const streams = { stdin: "null", stdout: "piped", stderr: "piped" } as const;
    const { success, stdout, stderr } = await new Deno.Command(command, {
      args: [...args],
      env: { NO_COLOR: "1" },
      ...streams,
    }).output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { success, said: `${text(stdout)}\n${text(stderr)}`.trim() };
  } catch (error) {
    if (unavailable.some((known) => error instanceof known)) return undefined;
    throw error;
  }
}

/** The last that a program said, on one line, without what may be a password in an address. */
export function lastWords(said: string): string {
  const lines = said.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "");
  const errors = lines.filter((line) => /error/i.test(line));
  const last = (errors.length > 0 ? errors : lines).slice(-2).join(" ");
  return last.replaceAll(/:\/\/[^/\s@]*@/g, "://").slice(0, 400) || "it said nothing";
}
