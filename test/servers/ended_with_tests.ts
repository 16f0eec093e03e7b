/** What a file of tests started, and has to end. */
export interface Abandoned {
  /** Ends it at once: nothing can be waited for any more. */
  abandon(): void;
}

const running = new Set<Abandoned>();

/** Has a server abandoned at the end of the file of tests that started it; gives what says that it was closed before. */
export function endWithTests(server: Abandoned): () => void {
  if (running.size === 0) globalThis.addEventListener("unload", endAll);
  running.add(server);
  return () => void running.delete(server);
}

function endAll(): void {
  for (const server of running) server.abandon();
}
