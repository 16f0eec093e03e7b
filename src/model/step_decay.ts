import { z } from "zod";
import { Schedule } from "./schedule.ts";

const schema = z.strictObject({
  /** What the rate is multiplied by ... */
  rate: z.number().positive().default(0.1),
  /** ... after each so many steps. */
  steps: z.number().int().min(1).default(1000),
});

/** `rate^floor(step / steps)`, as `torch.optim.lr_scheduler.StepLR`. */
export class StepDecay extends Schedule<typeof schema> {
  static override schema: z.ZodObject = schema;
  rate: number = this.options.rate;
  steps: number = this.options.steps;

  override invoke(step: number): number {
    return this.rate ** Math.floor(step / this.steps);
  }
}
