import type { History } from "../module/history.ts";
import type { Module } from "../module/module.ts";
import type { Statistic } from "../module/statistic.ts";
import type { Phase } from "../module/status.ts";

/** Enters a phase, and tells it as an event. */
export function enter(module: Module, phase: Phase, why: { reason?: string; exception?: Error } = {}): void {
  module.status.enter(phase, why);
  const { reason } = why;
  module.emit("status_changed", { phase, time: Date.now(), ...(reason === undefined ? {} : { reason }) });
}

/** Notes what was found amiss, and tells it as an event when it is new. */
export function warn(module: Module, message: string): void {
  if (module.status.warn(message)) module.emit("warning", { message });
}

/** The latest value of each series. */
export const latestOf = (history: History): Record<string, number> =>
  Object.fromEntries(history.names.map((name) => [name, history.last(name)!.value]));

const spoilt = new WeakSet<Module>();

/** Warns once of a value that is no number any more: nothing that follows can be trusted. */
export function warnOfNaN(module: Module, { phase, step, values }: Statistic): void {
  for (const name in values) {
    if (!Number.isNaN(values[name]) || spoilt.has(module)) continue;
    spoilt.add(module);
    warn(module, `${phase}/${name} is NaN from step ${step} on; the callback NaNDetector ends a run there`);
  }
}
