import { z } from "zod";
import { Schedule } from "./schedule.ts";

const schema = z.strictObject({
  /** In how many steps it falls to `end`. */
  steps: z.number().positive().default(1000),
  /** The factor at the end, and from then on. */
  end: z.number().min(0).default(0),
  /** 1 is a line. */
  power: z.number().positive().default(1),
});

/** `(1 - end) (1 - step / steps)^power + end`, as `keras.optimizers.schedules.PolynomialDecay`. */
export class PolynomialDecay extends Schedule<typeof schema> {
  static override schema: z.ZodObject = schema;
  steps: number = this.options.steps;
  end: number = this.options.end;
  power: number = this.options.power;

  override invoke(step: number): number {
    return this.end + (1 - this.end) * (1 - Math.min(1, step / this.steps)) ** this.power;
  }
}
