import { z } from "zod";

/** How often: whichever of them comes first. */
export const cadenceSchema = z.strictObject({
  steps: z.int().positive().optional(),
  epochs: z.int().positive().optional(),
  seconds: z.number().positive().optional(),
});

/** How often something is done, in steps, epochs or seconds of training. */
export type Cadence = z.output<typeof cadenceSchema>;

/** Whether it is due after this step. */
export const dueAfterStep = ({ steps }: Cadence, step: number): boolean => steps !== undefined && step % steps === 0;

/** Whether it is due after this epoch. */
export const dueAfterEpoch = ({ epochs }: Cadence, epoch: number): boolean =>
  epochs !== undefined && epoch % epochs === 0;
