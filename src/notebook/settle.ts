import type { Ear } from "./ear.ts";
import { finished } from "./live.ts";
import { isView } from "./view.ts";

type BroadcastResult = (count: number, result: unknown) => Promise<void>;

/**
 * Has the kernel wait at the end of each cell until its outputs are out: it publishes them beside its replies, so that
 * they would land under a later cell. It calls an internal function with each cell's result; where there is none, as in
 * another version, nothing is changed.
 */
export function settleResults(ear: Ear): void {
  const internals = (Deno as unknown as { [key: symbol]: { jupyter?: { broadcastResult?: BroadcastResult } } })[
    (Deno as unknown as { internal: symbol }).internal
  ]?.jupyter;
  const original = internals?.broadcastResult;
  if (internals === undefined || typeof original !== "function") return;
  internals.broadcastResult = async (count, result) => {
    if (isView(result)) await result.show(); // as a display, which can be updated; a result can't
    else await original(count, result);
    await finished();
    await ear.settle();
  };
}
