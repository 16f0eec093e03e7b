import type { Tensor } from "@tensorflow/tfjs-core";
import type { z } from "zod";
import { type Mode, Net } from "./net.ts";

/** A layer: a Net that can tell the shape of what it gives before it is run. */
export abstract class Layer<S extends z.ZodObject = z.ZodObject<Record<never, never>>> extends Net<S> {
  /** The shape of one item that it gives, for items of this shape. */
  outputShape(inputShape: readonly number[]): number[] {
    return [...inputShape];
  }

  /** @param mask which time steps count, when a layer before it masks some */
  override invoke(_x: Tensor, _mode?: Mode, _mask?: Tensor): Tensor {
    return super.invoke(_x);
  }

  /** The mask for the next layer. */
  mask(_x: Tensor, mask?: Tensor): Tensor | undefined {
    return mask;
  }
}
