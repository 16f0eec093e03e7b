/** Kills a process as `kill -9` does, if it is still there: it may have ended a moment before. */
export function kill(process: Deno.ChildProcess): void {
  try {
    process.kill("SIGKILL");
  } catch (error) {
    if (!/already terminated/.test((error as Error).message)) throw error;
  }
}
