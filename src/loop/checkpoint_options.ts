import { z } from "zod";
import { cadenceSchema } from "./cadence.ts";

/** When a checkpoint is saved. */
const saveSchema = z.union([z.literal(false), cadenceSchema]).default({ epochs: 1 });

/** Which checkpoints stay; those with a tag (the best) always do. */
const keepSchema = z.strictObject({
  /** The latest so many. */
  last: z.int().positive().default(3),
  /** The best so many by a series. */
  best: z.strictObject({
    series: z.string(),
    /** Whether lower or higher is better; `auto`: higher for an accuracy, lower for all else. */
    mode: z.enum(["min", "max", "auto"]).default("auto"),
    count: z.int().positive().default(1),
  }).optional(),
  /** Those whose step is a multiple of this. */
  every: z.int().positive().optional(),
});

/** When a Session saves, and what it keeps. */
export const checkpointsSchema = z.strictObject({
  every: saveSchema,
  keep: keepSchema.prefault({}),
  /** Whether stopping saves, so that nothing of what was done is lost. */
  onStop: z.boolean().default(true),
});

export type CheckpointOptions = z.output<typeof checkpointsSchema>;
export type KeepOptions = CheckpointOptions["keep"];
