/** What is told of SIGINT: Ctrl-C in a terminal. */
type Listener = () => void;

const listeners = new Set<Listener>();
/** A second one so soon means it. */
const patience = 2_000;
let last = 0;

/**
 * Tells a listener of SIGINT until it is let go. The first is for ending well; a second within two seconds ends the
 * process, as SIGINT does by itself.
 */
export function onInterrupt(listener: Listener): Disposable {
  if (listeners.size === 0) Deno.addSignalListener("SIGINT", hear);
  listeners.add(listener);
  return {
    [Symbol.dispose]() {
      if (listeners.delete(listener) && listeners.size === 0) Deno.removeSignalListener("SIGINT", hear);
    },
  };
}

function hear(): void {
  const now = Date.now();
  if (now - last < patience) Deno.exit(130);
  last = now;
  for (const listener of listeners) listener();
}
