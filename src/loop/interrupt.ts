/** What is told of SIGINT: Ctrl-C in a terminal, the Stop button of a notebook. */
type Listener = (hurry: boolean) => void;

/** Those who listen, and when each was told last. */
const listeners = new Map<Listener, number>();
/** A second one so soon means it. */
const patience = 2_000;
let last = -Infinity;
let listening = false;
/** In a kernel: is told of each one; the process goes on whatever happens. */
let survivor: (() => void) | undefined;

/**
 * Tells a listener of SIGINT until it is let go. The first is for ending well; a second within two seconds is for
 * ending at once (`hurry`) in a kernel, and ends any other process, as SIGINT does by itself.
 */
export function onInterrupt(listener: Listener): Disposable {
  listeners.set(listener, -Infinity);
  listen();
  return {
    [Symbol.dispose]() {
      if (listeners.delete(listener) && listeners.size === 0 && survivor === undefined) {
        Deno.removeSignalListener("SIGINT", hear);
        listening = false;
      }
    },
  };
}

/** From now on SIGINT never ends this process, which is a kernel: its variables are somebody's work. */
export function surviveInterrupts(heard: () => void): void {
  survivor = heard;
  listen();
}

/** Whether SIGINT is only a wish here, as in a kernel. */
export const survivesInterrupts = (): boolean => survivor !== undefined;

function listen(): void {
  if (!listening) Deno.addSignalListener("SIGINT", hear);
  listening = true;
}

function hear(): void {
  survivor?.();
  const now = Date.now(), soon = (before: number) => now - before < patience;
  if (soon(last) && survivor === undefined) Deno.exit(130);
  last = now;
  for (const [listener, before] of [...listeners]) {
    listeners.set(listener, now);
    listener(soon(before)); // one that came later was not told of the first
  }
}
