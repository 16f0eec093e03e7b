import { Accuracy } from "./accuracy.ts";
import { CategoricalCrossentropy } from "./categorical_crossentropy.ts";
import type { Criterion } from "./criterion.ts";
import { MeanError } from "./mean_error.ts";
import { MeanSquaredError } from "./mean_squared_error.ts";
import type { Metric } from "./metric.ts";
import type { Target } from "./net.ts";
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
