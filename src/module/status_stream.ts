import { filter, map, merge, type Observable } from "rxjs";
import type { Module } from "./module.ts";
import type { StatusSnapshot } from "./status.ts";

/** A Module's Status as seen from a Module further up. */
export interface StatusOf extends StatusSnapshot {
  readonly path: string;
}

/** The Status of a Module and of those below it as it changes; begins with how it is. */
export function statusOf(module: Module): Observable<StatusOf> {
  const own$ = module.status.changes$.pipe(map((snapshot): StatusOf => ({ path: "", ...snapshot })));
  const below$ = module.events$.pipe(
    filter((event) => event.trigger === "status_changed" && event.path !== ""),
    map(({ path, payload }) => ({ path, ...payload }) as StatusOf),
  );
  return merge(own$, below$);
}
