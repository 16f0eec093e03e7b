/** A run that goes on in this process. */
interface Live {
  stop(reason: string): Promise<void>;
}

const live = new Map<string, Live>();

/** Notes that a run goes on, until it is let go. */
export function goLive(key: string, run: Live): Disposable {
  live.set(key, run);
  return {
    [Symbol.dispose]() {
      if (live.get(key) === run) live.delete(key);
    },
  };
}

/** Stops a run of this process, if there is one, and waits until it is saved: what a cell does that runs again. */
export async function stopLive(key: string, but?: Live): Promise<void> {
  const run = live.get(key);
  if (run !== undefined && run !== but) await run.stop("the same experiment was started again");
}
