import type { TF } from "../tf.ts";
import { type GpuKernel, kernelFunc } from "./kernel.ts";
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from "./pooling.ts";
import { pad } from "./pad.ts";
import { reverse } from "./reverse.ts";
import { transpose } from "./transpose.ts";

/** What tfjs's webgpu backend computes wrongly, or not at all. */
const kernels: Readonly<Record<string, GpuKernel>> = {
  AvgPool3D: averagePool,
  AvgPool3DGrad: averagePoolGradient,
  AvgPoolGrad: averagePoolGradient,
  MaxPool3D: maxPool,
  MaxPool3DGrad: maxPoolGradient,
  PadV2: pad,
  Reverse: reverse,
  Transpose: transpose,
};

let installed = false;

/** Puts our kernels in the place of those that tfjs's webgpu backend has wrong, once; its package must be loaded. */
export function installGpuKernels(tf: TF): void {
  if (installed) return;
  installed = true;
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    const stock = tf.getKernel(kernelName, "webgpu");
    tf.unregisterKernel(kernelName, "webgpu");
    tf.registerKernel({ ...stock, kernelFunc: kernelFunc(tf, kernel, stock.kernelFunc) });
  }
}
