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
export function defaultCriterion({ classes, shape }: Target, net: Module): Criterion {
  if (classes === undefined) return new MeanSquaredError() as unknown as Criterion;
  const oneHot = classes > 1 && shape.at(-1) === classes;
  const options = { fromLogits: givesLogits(net) };
  const criterion = oneHot ? new CategoricalCrossentropy(options) : new SparseCategoricalCrossentropy(options);
  return criterion as unknown as Criterion;
}

/** The metric for a target when none was named. */
export const defaultMetric = ({ classes }: Target, net: Module): Metric =>
  (classes === undefined ? new MeanError() : new Accuracy({ fromLogits: givesLogits(net) })) as unknown as Metric;

/** What is amiss when a criterion or a metric takes a net's probabilities for logits, or the other way round. */
export function logitsProblem(net: Module, criterion: Criterion | Metric): string | undefined {
  const { fromLogits } = criterion as unknown as { fromLogits?: boolean };
  if (fromLogits !== true || givesLogits(net)) return undefined;
  const name = criterion.constructor.name;
  return `${name} takes logits, and the net ends in ${
    (net as Partial<Net>).outputActivation
  }; leave that out, or give ${name} fromLogits: false`;
}

const givesLogits = (net: Module): boolean =>
  !["softmax", "sigmoid"].includes((net as Partial<Net>).outputActivation ?? "");
