import type { Tensor } from "@tensorflow/tfjs-core";
import { activeBackend } from "../backend/resolve.ts";
import { tf } from "../backend/tf.ts";
import type { Module } from "../module/module.ts";
import { NDArray } from "../module/ndarray.ts";
import type { Description } from "../data/batch.ts";
import type { Criterion } from "./criterion.ts";
import { failingLayer } from "./failing_layer.ts";
import type { Metric } from "./metric.ts";
import { computeGradients, computeLoss, learntParametersOf } from "./train_step.ts";

/** How many items the dry run has: two, so that a net that mixes up batch and item is found out. */
const items = 2;

/**
 * One step on zeros that changes nothing: not in training mode, so that no random number is drawn and no moving
 * statistic moves. What doesn't fit, and what the backend can't compute, is found before the first step.
 */
export function dryRun(
  net: Module,
  criterion: Criterion,
  metrics: readonly Metric[],
  { input, target }: Description,
): void {
  try {
    tf().tidy(() => {
      const x = tf().zeros([items, ...input.shape]) as Tensor;
      const y = tf().zeros([items, ...target.shape], target.dtype.startsWith("float") ? "float32" : "int32");
      const forward = () => computeLoss(net, criterion, x, y, { training: false });
      // First without gradients: an error inside of them would leave tensors behind.
      const { output } = forward();
      if (target.classes !== undefined) checkClasses(criterion, target.classes, output.shape);
      for (const metric of metrics) metric(output, y);
      computeGradients(learntParametersOf(net), forward);
    });
  } catch (error) {
    throw explained(error as Error, net, input.shape);
  }
}

/** The greatest class of the data must be one that the net's output has. */
function checkClasses(criterion: Criterion, classes: number, outputShape: readonly number[]): void {
  criterion.checkTarget(new NDArray("int32", [1], [classes - 1]), outputShape);
}

/** An error of a missing kernel or gradient in words that tell where and what to do. */
function explained(error: Error, net: Module, shape: readonly number[]): Error {
  const kernel = /Kernel '(\w+)' not registered/.exec(error.message)?.[1];
  const gradient = /gradient function not found for (\w+)/i.exec(error.message)?.[1];
  if (kernel === undefined && gradient === undefined) return error;
  const what = kernel === undefined ? `the gradient of ${gradient}` : `${kernel}`;
  const layer = /^Cannot run layer (\w+)/.exec(error.message)?.[1] ?? layerWithout(net, shape);
  return new Error(
    `Cannot train ${
      layer === undefined ? "this net" : `layer ${layer}`
    } on the ${activeBackend()?.name} backend: it lacks ${what}; choose another backend or another layer`,
    { cause: error },
  );
}

const layerWithout = (net: Module, shape: readonly number[]): string | undefined =>
  tf().tidy(() => failingLayer(net, tf().zeros([items, ...shape])));
