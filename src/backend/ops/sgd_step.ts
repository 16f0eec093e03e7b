import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../tf.ts";
import { hasKernel } from "./run_kernel.ts";

/** `value - rate gradient`. One pass where the backend has the kernel `SgdStep`. */
export function sgdStep(value: Tensor, gradient: Tensor, rate: number): Tensor {
  if (!hasKernel("SgdStep")) return tf().sub(value, tf().mul(gradient, rate));
  const [next] = tf().engine().runKernel("SgdStep", { value, gradient }, { rate }) as unknown as [Tensor];
  return next;
}
