import { z } from "zod";
import { Schedule } from "./schedule.ts";

const schema = z.strictObject({
  /** What the rate is multiplied by ... */
  rate: z.number().positive().default(0.96),
  /** ... in so many steps, a little at each. */
  steps: z.number().positive().default(1000),
});

/** `rate^(step / steps)`, as `keras.optimizers.schedules.ExponentialDecay`. */
export class ExponentialDecay extends Schedule<typeof schema> {
  static override schema: z.ZodObject = schema;
  rate: number = this.options.rate;
  steps: number = this.options.steps;

  override invoke(step: number): number {
    return this.rate ** (step / this.steps);
  }
}
