import type { Run } from "../run/run_record.ts";

/** A run in which nothing is done any more, but for closing it, once a signal says so. */
export function abortableRun(run: Run, signal: AbortSignal): Run {
  return new Proxy(run, {
    get(target, key) {
      const value = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      return (...input: unknown[]) => {
        if (key !== "close") signal.throwIfAborted();
        return value.apply(target, input);
      };
    },
  });
}
