import { z } from "zod";
import { Schedule } from "./schedule.ts";

const schema = z.strictObject({
  /** How many steps it takes from the top to the bottom. */
  steps: z.number().positive().default(1000),
  /** The factor at the bottom, and from then on. */
  end: z.number().min(0).default(0),
  /** How many steps it rises in a line from 0 to 1 before that. */
  warmup: z.number().min(0).default(0),
});

/**
 * Half a cosine from 1 down to `end`, after a rise in a line. I. Loshchilov, F. Hutter, "SGDR", ICLR 2017; as
 * `keras.optimizers.schedules.CosineDecay`.
 */
export class CosineDecay extends Schedule<typeof schema> {
  static override schema: z.ZodObject = schema;
  steps: number = this.options.steps;
  end: number = this.options.end;
  warmup: number = this.options.warmup;

  override invoke(step: number): number {
    if (step < this.warmup) return step / this.warmup;
    const progress = Math.min(1, (step - this.warmup) / this.steps);
    return this.end + (1 - this.end) * (1 + Math.cos(Math.PI * progress)) / 2;
  }
}
