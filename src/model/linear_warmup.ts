import { z } from "zod";
import { Schedule } from "./schedule.ts";

const schema = z.strictObject({
  /** In how many steps it rises to 1. */
  steps: z.number().positive().default(1000),
  /** The factor of the first step. */
  start: z.number().min(0).default(0),
});

/** A line from `start` to 1, then 1. P. Goyal et al., "Accurate, Large Minibatch SGD", 2017. */
export class LinearWarmup extends Schedule<typeof schema> {
  static override schema: z.ZodObject = schema;
  steps: number = this.options.steps;
  start: number = this.options.start;

  override invoke(step: number): number {
    return this.start + (1 - this.start) * Math.min(1, step / this.steps);
  }
}
