import { workingSinks } from "../module/background.ts";

/**
 * Keeps errors that nobody catches from stalling a cell or vanishing. Those of a run's own work go to its Session,
 * which hears of them first; of any other it can't be known where it came from: the runs that go on are told, and it is
 * printed under the cell that runs.
 */
export function catchErrors(): void {
  globalThis.addEventListener("error", (event) => tell(event, event.error));
  globalThis.addEventListener("unhandledrejection", (event) => tell(event, event.reason));
}

function tell(event: Event, error: unknown): void {
  if (event.defaultPrevented) return;
  event.preventDefault();
  for (const sink of workingSinks()) sink.backgroundError(error);
  console.error("Uncaught in the background:", error);
}
