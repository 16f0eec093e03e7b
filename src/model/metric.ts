import type { Tensor } from "@tensorflow/tfjs-core";
import type { z } from "zod";
import { Module } from "../module/module.ts";

/** What is watched: called with a net's output and the target, both of a batch, gives a scalar, the items' mean. */
export abstract class Metric<S extends z.ZodObject = z.ZodObject> extends Module<S> {
  /** The name of its series: its class's name, in camelCase. */
  get seriesName(): string {
    const name = this.constructor.name;
    return name[0]!.toLowerCase() + name.slice(1);
  }

  /** @throws {TypeError} shapes that don't fit each other */
  override invoke(_output: Tensor, _target: Tensor): Tensor {
    return super.invoke();
  }
}
