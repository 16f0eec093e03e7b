import { z } from "zod";
import { type Action, keep, restore, stop } from "../module/action.ts";
import { Monitor, monitorSchema } from "./monitor.ts";

const schema = monitorSchema.extend({
  /** So many values without a better one end the run. */
  patience: z.int().nonnegative().default(5),
  /** Whether the weights of the best value are put back at the end. */
  restoreBest: z.boolean().default(true),
});

/**
 * Ends the run when a series gets no better, and puts the weights of the best value back.
 *
 * @example
 * ```ts
 * import { EarlyStopping } from "ptutils";
 * const stopping = new EarlyStopping({ monitor: "validation/loss", patience: 1 });
 * const hear = (loss: number) => stopping.end_of_validation({ step: 1, payload: { loss } } as never);
 * const last = [hear(1), hear(2)].at(-1)!;
 * if (!last.some((action) => action.action === "stop")) throw new Error("unexpected");
 * ```
 */
export class EarlyStopping extends Monitor<typeof schema> {
  static override schema: z.ZodObject = schema;

  patience: number = this.options.patience;
  restoreBest: boolean = this.options.restoreBest;
  /** Values since the best one. */
  waited = 0;

  protected override observe(_value: number, better: boolean): readonly Action[] {
    this.waited = better ? 0 : this.waited + 1;
    if (better) return this.restoreBest ? [keep("best")] : [];
    if (this.waited < this.patience) return [];
    const reason = `${this.monitor} was best at step ${this.bestStep} (${
      this.best?.toPrecision(4)
    }) and not better ${this.waited} times since`;
    return [...(this.restoreBest ? [restore("best")] : []), stop(reason)];
  }
}
