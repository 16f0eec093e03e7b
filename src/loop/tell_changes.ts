import { isModule, type Module } from "../module/module.ts";
import type { Change } from "../module/tracker.ts";

/** Tells what plain assignment changed, from the Module that it is about. */
export function tellChanges(changes: readonly Change[]): void {
  for (const change of changes) {
    const { from, to } = change;
    if (change.trigger === "parameter_changed") {
      change.module.emit(change.trigger, { name: change.name, from, to });
    } else {
      const source: Module = isModule(change.now) ? change.now : change.module;
      source.emit(change.trigger, { name: change.name, from, to });
    }
  }
}
