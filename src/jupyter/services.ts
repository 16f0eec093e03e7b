/** The package `@jupyterlab/services`. */
export type Services = typeof import("@jupyterlab/services");

let loaded: Promise<Services> | undefined;

/** Loads `@jupyterlab/services`, once, at first use: it takes 0.3 s. */
export function loadServices(): Promise<Services> {
  return loaded ??= (async () => {
    globalThis.addEventListener("unhandledrejection", forgive);
    const { debug } = console;
    // It tells of each connection, and has no setting for that.
    console.debug = (...words: unknown[]) => void (chatter.test(`${words[0]}`) || debug(...words));
    return await import("@jupyterlab/services");
  })();
}

const chatter = /^(Starting WebSocket|Kernel: \w+ \()/;

/**
 * What the package rejects, with nobody to await it, when its connections are closed (the last: while it connects again
 * to a kernel that died). These and no others.
 */
const harmless =
  /^(Canceled future for \w+ message before replies were done|Poll \(.*\) is disposed\.|Kernel connection disconnected)/;

function forgive(event: PromiseRejectionEvent): void {
  if (event.reason instanceof Error && harmless.test(event.reason.message)) event.preventDefault();
}
