import type { Command } from "commander";

/** Runs a program with the arguments of this process. What goes wrong ends it with status 1 and a line that says why. */
export async function runProgram(program: Command): Promise<void> {
  try {
    await program.showHelpAfterError(`(--help tells what there is)`).parseAsync(Deno.args, { from: "user" });
  } catch (error) {
    // What went wrong is for the user; where in the code, only for who asks.
    console.error(Deno.env.get("PTUTILS_TRACE") ? error : `${(error as Error).name}: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
