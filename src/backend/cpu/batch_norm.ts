import type { TensorInfo } from "@tensorflow/tfjs-core";
import { broadcastStrides, type CpuKernel, eachPlace, valuesOf } from "./kernel.ts";

/** tfjs's own repeats the statistics from the front, which is wrong unless they lie along the last dimensions. */
export const batchNorm: CpuKernel = (stock) => (call) => {
  const { inputs, attrs, backend } = call;
  const { x, mean, variance, scale, offset } = inputs as Record<string, TensorInfo>;
  if (mean!.shape.length <= 1) return stock(call);
  const epsilon = (attrs.varianceEpsilon ?? 1e-3) as number;
  const parts = [x!, mean!, variance!, scale, offset];
  const numbers = parts.map((part) => part === undefined || part === null ? undefined : valuesOf(call, part));
  const strides = parts.map((part) => broadcastStrides(part?.shape ?? [], x!.shape.length));
  const y = new Float32Array(numbers[0]!.length);
  const value = (part: number, places: readonly number[], missing: number) => numbers[part]?.[places[part]!] ?? missing;
  let next = 0;
  eachPlace(x!.shape, strides, (at) => {
    const factor = value(3, at, 1) / Math.sqrt(value(2, at, 1) + epsilon);
    y[next++] = (value(0, at, 0) - value(1, at, 0)) * factor + value(4, at, 0);
  });
  return backend.makeTensorInfo(x!.shape, x!.dtype, y);
};
