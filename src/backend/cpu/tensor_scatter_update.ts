import type { TensorInfo } from "@tensorflow/tfjs-core";
import { type CpuKernel, valuesOf } from "./kernel.ts";

/** tfjs's own writes into the very tensor that it is given: here it gets a copy. */
export const tensorScatterUpdate: CpuKernel = (stock) => (call) => {
  const { shape, dtype } = call.inputs.tensor as TensorInfo;
  const tensor = call.backend.makeTensorInfo(shape, dtype, valuesOf(call, call.inputs.tensor).slice());
  const updated = stock({ ...call, inputs: { ...call.inputs, tensor } });
  if (tensor.dataId !== updated.dataId) call.backend.disposeData(tensor.dataId);
  return updated;
};
