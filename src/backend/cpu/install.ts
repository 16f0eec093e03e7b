import type { KernelFunc } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import { batchNorm } from "./batch_norm.ts";
import { einsum } from "./einsum.ts";
import type { CpuCall, CpuKernel } from "./kernel.ts";
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from "./pooling.ts";
import { stridedSlice } from "./strided_slice.ts";
import { tensorScatterUpdate } from "./tensor_scatter_update.ts";

/** What tfjs's cpu backend computes wrongly. */
const kernels: Readonly<Record<string, CpuKernel>> = {
  AvgPool3D: averagePool,
  AvgPool3DGrad: averagePoolGradient,
  AvgPoolGrad: averagePoolGradient,
  Einsum: einsum,
  FusedBatchNorm: batchNorm,
  MaxPool3D: maxPool,
  MaxPool3DGrad: maxPoolGradient,
  StridedSlice: stridedSlice,
  TensorScatterUpdate: tensorScatterUpdate,
};

let installed = false;

/** Puts our kernels in the place of those that tfjs's cpu backend has wrong, once; it must be loaded. */
export function installCpuKernels(tf: TF): void {
  if (installed) return;
  installed = true;
  for (const [kernelName, kernel] of Object.entries(kernels)) {
    const stock = tf.getKernel(kernelName, "cpu");
    const kernelFunc = kernel(stock.kernelFunc as unknown as (call: CpuCall) => never, tf) as unknown as KernelFunc;
    tf.unregisterKernel(kernelName, "cpu");
    tf.registerKernel({ ...stock, kernelFunc });
  }
}
