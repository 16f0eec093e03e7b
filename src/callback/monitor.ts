import { z } from "zod";
import type { Action } from "../module/action.ts";
import { Callback } from "../module/callback.ts";
import type { Event } from "../module/event.ts";
import { type Better, higherIsBetter } from "../module/series.ts";

/** The options of every callback that watches a series. */
export const monitorSchema = z.strictObject({
  /** The series: `validation/loss`, `train/accuracy`. */
  monitor: z.string().regex(/^[^/]+\/.+$/, "expected phase/name, as validation/loss").default("validation/loss"),
  /** Whether lower or higher is better; `auto`: higher for an accuracy, lower for all else. */
  mode: z.enum(["min", "max", "auto"]).default("auto"),
  /** What counts as better is better by more than this. */
  minDelta: z.number().nonnegative().default(0),
});

/**
 * A callback that watches one series: the mean over an epoch for training, each validation's for the rest. The best
 * value is state, so that a resumed run compares with it.
 */
export abstract class Monitor<S extends typeof monitorSchema = typeof monitorSchema> extends Callback<S> {
  static override schema: z.ZodObject = monitorSchema;

  monitor: string = this.options.monitor;
  mode: Better = this.options.mode;
  minDelta: number = this.options.minDelta;
  /** The best value so far, and its step. */
  best: number | null = null;
  bestStep = 0;

  override get monitored(): string {
    return this.monitor;
  }

  /** Told of each value; `better`: whether it is the best so far. */
  protected abstract observe(value: number, better: boolean, event: Event): readonly Action[];

  end_of_epoch(event: Event): readonly Action[] {
    return this.#hear(event, "train");
  }
  end_of_validation(event: Event): readonly Action[] {
    return this.#hear(event, "validation");
  }

  #hear(event: Event, phase: string): readonly Action[] {
    if (!this.monitor.startsWith(`${phase}/`)) return [];
    const value = event.payload[this.monitor.slice(phase.length + 1)];
    if (typeof value !== "number") return [];
    const better = this.#isBetter(value);
    if (better) [this.best, this.bestStep] = [value, event.step];
    return this.observe(value, better, event);
  }

  #isBetter(value: number): boolean {
    if (Number.isNaN(value)) return false;
    if (this.best === null) return true;
    return higherIsBetter(this.monitor, this.mode)
      ? value > this.best + this.minDelta
      : value < this.best - this.minDelta;
  }
}
