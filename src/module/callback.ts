import type { z } from "zod";
import { Module } from "./module.ts";

/**
 * A callback as a class: a method for each trigger that it hears, named like the trigger. What a method returns may be
 * an action, or a list of them; what it throws ends the run. Its public fields are state, so that a resumed run goes on
 * with them.
 *
 * @example
 * ```ts
 * import { Callback, stop } from "ptutils";
 * class Budget extends Callback {
 *   seen = 0;
 *   end_of_training_step({ loss }: { loss: number }) {
 *     this.seen++;
 *     if (loss < 0.1) return stop("it is good enough");
 *   }
 * }
 * const budget = new Budget();
 * if (budget.end_of_training_step({ loss: 0.05 })?.action !== "stop") throw new Error("unexpected");
 * ```
 */
// deno-lint-ignore no-explicit-any
export abstract class Callback<S extends z.ZodObject = any> extends Module<S> {
  /** The series it watches, as `validation/loss`; checked before step 1 against those that will come. */
  get monitored(): string | undefined {
    return undefined;
  }
}
