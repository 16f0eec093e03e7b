import type { Module } from "../module/module.ts";
import { Accuracy } from "./accuracy.ts";
import { CategoricalCrossentropy } from "./categorical_crossentropy.ts";
import type { Criterion } from "./criterion.ts";
import { MeanError } from "./mean_error.ts";
import { MeanSquaredError } from "./mean_squared_error.ts";
import type { Metric } from "./metric.ts";
import type { Net, Target } from "./net.ts";
import { SparseCategoricalCrossentropy } from "./sparse_categorical_crossentropy.ts";

/** The criterion for a target when none was named: classes by number or by one-hot rows, or numbers. */
export function defaultCriterion({ classes, shape }: Target): Criterion {
  if (classes === undefined) return new MeanSquaredError() as unknown as Criterion;
  const oneHot = classes > 1 && shape.at(-1) === classes;
  return (oneHot ? new CategoricalCrossentropy() : new SparseCategoricalCrossentropy()) as unknown as Criterion;
}

/** The metric for a target when none was named. */
export const defaultMetric = ({ classes }: Target): Metric =>
  (classes === undefined ? new MeanError() : new Accuracy()) as unknown as Metric;

/**
 * Tells a criterion or a metric that was not told whether the net gives logits. Gives back what is amiss when it was
 * told, and the net gives something else.
 */
export function settleLogits(net: Module, part: Criterion | Metric): string | undefined {
  const settled = part as unknown as { fromLogits?: boolean | null };
  if (settled.fromLogits === null) settled.fromLogits = givesLogits(net);
  if (settled.fromLogits !== true || givesLogits(net)) return undefined;
  const name = part.constructor.name, end = (net as Partial<Net>).outputActivation;
  return `${name} takes logits, and the net ends in ${end}; leave that out, or give ${name} fromLogits: false`;
}

const givesLogits = (net: Module): boolean =>
  !["softmax", "sigmoid"].includes((net as Partial<Net>).outputActivation ?? "");
