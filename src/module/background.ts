import { AsyncLocalStorage } from "node:async_hooks";
import { config } from "rxjs";

/** What hears of errors that nobody catches. */
export interface ErrorSink {
  /** Takes an error that came up beside the work and does not end it. */
  backgroundError(error: unknown): void;
}

/**
 * Whose work is being done. Whatever is begun during a run, a subscriber's timer or promise too, inherits its run's
 * sink: an error there is told to that run and to no other.
 */
const working = new AsyncLocalStorage<{ readonly sink: ErrorSink; readonly check: () => void }>();
const sinks = new Set<ErrorSink>();

/** Does work on behalf of a sink: uncaught errors of what is begun meanwhile go to it, also those that come later. */
export async function withSink<T>(sink: ErrorSink, work: () => Promise<T>): Promise<T> {
  install();
  globalThis.addEventListener("unhandledrejection", onRejection); // the same listener is added once
  sinks.add(sink);
  try {
    return await working.run({ sink, check() {} }, work);
  } finally {
    sinks.delete(sink);
  }
}

/** Those whose work goes on: an error whose origin can't be known may be of any of them. */
export const workingSinks = (): readonly ErrorSink[] => [...sinks];

/** Whether the caller is part of a sink's work: to wait there for the work's end would be to wait for oneself. */
export const worksFor = (sink: ErrorSink): boolean => working.getStore()?.sink === sink;

/** Does a part of a sink's work that may be given up: `check` throws from then on, see {@linkcode checkWork}. */
export const withCheck = <T>(check: () => void, work: () => Promise<T>): Promise<T> =>
  working.run({ sink: working.getStore()!.sink, check }, work);

/** Asked before something is changed for good: throws when the caller is part of work that was given up. */
export const checkWork = (): void => working.getStore()?.check();

function onRejection(event: PromiseRejectionEvent): void {
  const sink = working.getStore()?.sink;
  if (sink === undefined) return;
  event.preventDefault();
  sink.backgroundError(event.reason);
}

/** rxjs reports what a subscriber throws from a timer; outside of a run it goes on doing what it did before. */
function install(): void {
  const before = config.onUnhandledError;
  if (before !== null && installed in before) return;
  const handler = (error: unknown) => {
    const sink = working.getStore()?.sink;
    if (sink !== undefined) sink.backgroundError(error);
    else if (before !== null) before(error);
    else throw error;
  };
  config.onUnhandledError = Object.assign(handler, { [installed]: true });
}
const installed = Symbol.for("ptutils.background");
