import { z } from "zod";
import { Schedule } from "./schedule.ts";

const schema = z.strictObject({
  /** The steps from which the next factor counts, rising. */
  boundaries: z.array(z.number()).refine((steps) => steps.every((step, i) => i === 0 || step > steps[i - 1]!), {
    error: "expected steps in rising order",
  }),
  /** The factors: one more than boundaries. */
  values: z.array(z.number().min(0)),
}).refine(({ boundaries, values }) => values.length === boundaries.length + 1, {
  error: "expected one more value than there are boundaries",
});

/** One factor until each boundary, as `torch.optim.lr_scheduler.MultiStepLR` with any factors. */
export class PiecewiseConstant extends Schedule<typeof schema> {
  static override schema: z.ZodObject = schema;
  boundaries: number[] = this.options.boundaries;
  values: number[] = this.options.values;

  override invoke(step: number): number {
    return this.values[this.boundaries.filter((boundary) => boundary <= step).length]!;
  }
}
