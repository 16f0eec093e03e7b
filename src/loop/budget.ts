import { z } from "zod";
import type { History } from "../module/history.ts";
import { higherIsBetter } from "../module/series.ts";

/** A value that a series is to reach. */
export const targetSchema = z.strictObject({
  /** `validation/accuracy` */
  series: z.string(),
  value: z.number(),
  /** Reached from above (`min`) or from below (`max`); `auto`: from below for an accuracy, from above for all else. */
  mode: z.enum(["min", "max", "auto"]).default("auto"),
});

/** When training ends: at whichever comes first. */
export interface Budget {
  epochs: number | null;
  steps: number | null;
  seconds: number | null;
  target: z.output<typeof targetSchema> | null;
}

/** How much of a budget is used. */
export interface Spent {
  epochs: number;
  steps: number;
  seconds: number;
  history: History;
}

/** Why the budget is used up, in words; undefined while it is not. */
export function spentReason(budget: Budget, spent: Spent): string | undefined {
  const { epochs, steps, seconds, target } = budget;
  if (epochs !== null && spent.epochs >= epochs) return `${epochs} epochs are done`;
  if (steps !== null && spent.steps >= steps) return `${steps} steps are done`;
  if (seconds !== null && spent.seconds >= seconds) return `${seconds} seconds are over`;
  return target === null ? undefined : reachedReason(target, spent.history);
}

function reachedReason({ series, value, mode }: NonNullable<Budget["target"]>, history: History): string | undefined {
  const last = history.last(series)?.value;
  if (last === undefined || !(higherIsBetter(series, mode) ? last >= value : last <= value)) return undefined;
  return `${series} reached ${last}, the target is ${value}`;
}
