import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Machine } from "./kernel.ts";

/** Lends a tensor as float32, which our kernels compute with: itself, or a copy for as long as the work takes. */
export function asFloats<T>({ heap, run }: Machine, x: TensorInfo, work: (x: TensorInfo) => T): T {
  if (x.dtype === "float32") return work(x);
  const copy = run("Cast", { x }, { dtype: "float32" });
  try {
    return work(copy);
  } finally {
    heap.free(copy);
  }
}

/** A result that was computed as float32, as another type: it frees the one that it was given. */
export function backTo({ heap, run }: Machine, dtype: TensorInfo["dtype"], x: TensorInfo): TensorInfo {
  if (dtype === x.dtype) return x;
  const result = run("Cast", { x }, { dtype });
  heap.free(x);
  return result;
}
