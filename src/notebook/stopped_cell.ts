import { ear } from "./kernel_state.ts";

let stopped: number | undefined;

/** Notes that the cell that runs was interrupted. */
export function noteStop(): void {
  stopped = ear()?.execution;
}

/** Whether the cell that runs was interrupted: what it would do next is not wanted any more. */
export async function cellIsStopped(): Promise<boolean> {
  if (stopped === undefined) return false;
  const { execution } = await ear()!.cell();
  if (execution !== stopped) stopped = undefined;
  return stopped !== undefined;
}
