import { z } from "zod";
import { type Action, set } from "../module/action.ts";
import { Monitor, monitorSchema } from "./monitor.ts";

const schema = monitorSchema.extend({
  /** So many values without a better one lower the learning rate. */
  patience: z.int().nonnegative().default(3),
  /** What it is multiplied by. */
  factor: z.number().positive().lt(1).default(0.1),
  /** So many values after that are let pass. */
  cooldown: z.int().nonnegative().default(0),
  /** It is never lowered below this. */
  minLearningRate: z.number().nonnegative().default(0),
  /** The parameter, by the end of its path. */
  parameter: z.string().default("optimizer.learningRate"),
});

/** Lowers the learning rate when a series gets no better. */
export class ReduceLROnPlateau extends Monitor<typeof schema> {
  static override schema: z.ZodObject = schema;

  patience: number = this.options.patience;
  factor: number = this.options.factor;
  cooldown: number = this.options.cooldown;
  minLearningRate: number = this.options.minLearningRate;
  parameter: string = this.options.parameter;
  /** Values since the best one, or since the last reduction. */
  waited = 0;
  /** Values still to be let pass. */
  cooling = 0;

  protected override observe(_value: number, better: boolean): readonly Action[] {
    if (this.cooling > 0) {
      this.cooling--;
      this.waited = 0;
    }
    this.waited = better || this.cooling > 0 ? 0 : this.waited + 1;
    if (this.waited === 0 || this.waited < this.patience) return [];
    this.waited = 0;
    this.cooling = this.cooldown;
    const lower = (rate: unknown) => Math.max(this.minLearningRate, (rate as number) * this.factor);
    return [set(this.parameter, lower)];
  }
}
