import type { Tensor } from "@tensorflow/tfjs-core";
import type { z } from "zod";
import { Module } from "../module/module.ts";
import type { NDArray } from "../module/ndarray.ts";

/** What is made small: called with a net's output and the target, both of a batch, gives a scalar, the items' mean. */
export abstract class Criterion<S extends z.ZodObject = z.ZodObject> extends Module<S> {
  /** @throws {TypeError} shapes that don't fit each other */
  override invoke(_output: Tensor, _target: Tensor): Tensor {
    return super.invoke();
  }

  /** Looks over a batch's target before it is used. @throws {RangeError} values that mean nothing to it */
  checkTarget(_target: NDArray, _outputShape: readonly number[]): void {}
}
