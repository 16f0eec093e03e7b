import type { Tensor } from "@tensorflow/tfjs-core";
import type { z } from "zod";
import type { NDArray } from "../module/ndarray.ts";
import { Metric } from "./metric.ts";

/**
 * What is made small: called with a net's output and the target, both of a batch, gives a scalar, the items' mean. It
 * may also be named as a metric, beside another criterion.
 */
export abstract class Criterion<S extends z.ZodObject = z.ZodObject> extends Metric<S> {
  /** @throws {TypeError} shapes that don't fit each other */
  override invoke(output: Tensor, target: Tensor): Tensor {
    return super.invoke(output, target);
  }

  /** Looks over a batch's target before it is used. @throws {RangeError} values that mean nothing to it */
  checkTarget(_target: NDArray, _outputShape: readonly number[]): void {}
}
