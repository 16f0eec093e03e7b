import { z } from "zod";
import type { Experiment } from "../experiment.ts";

/** Weights of sources, by their names. */
export const weightsSchema = z.record(z.string(), z.number().nonnegative());

/** Weights, and from when on they hold. */
export const changeSchema = z.strictObject({
  weights: weightsSchema,
  /** From this epoch on; they count from 1. */
  epoch: z.int().positive().optional(),
  /** From this training step on; they count from 1. */
  step: z.int().positive().optional(),
  /** While the latest value of this series is below, or above, a bound. */
  series: z.string().optional(),
  below: z.number().optional(),
  above: z.number().optional(),
}).superRefine(({ epoch, step, series, below, above }, context) => {
  const bounded = below !== undefined || above !== undefined;
  const told = [epoch, step, series].filter((one) => one !== undefined).length;
  if (told === 1 && bounded === (series !== undefined)) return;
  context.addIssue({
    code: "custom",
    message: "say when these weights hold by one of: epoch; step; series with below or above",
  });
});

interface Schedule {
  readonly weights: Readonly<Record<string, number>>;
  readonly then: readonly z.output<typeof changeSchema>[];
}

/** The weights that hold when an epoch begins. */
export function weightsAt({ weights, then }: Schedule, experiment: Partial<Experiment>): Record<string, number> {
  const change = then.findLast((change) => holds(change, experiment));
  return { ...(change ?? { weights }).weights };
}

function holds(
  { epoch, step, series, below = Infinity, above = -Infinity }: z.output<typeof changeSchema>,
  experiment: Partial<Experiment>,
): boolean {
  if (epoch !== undefined) return (experiment.epoch ?? 1) >= epoch;
  if (step !== undefined) return (experiment.step ?? 0) + 1 >= step;
  const value = experiment.history?.last(series!)?.value;
  return value !== undefined && value < below && value > above;
}
