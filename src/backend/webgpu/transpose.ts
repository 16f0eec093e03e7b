import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";
import { type GpuKernel, type Tools, withShader } from "./kernel.ts";

/** Stock's shader takes whole numbers and truth values for float32, and then doesn't compile. */
export const transpose: GpuKernel = (stock, tools) => {
  const { inputs: { x }, attrs: { perm }, backend } = tools.call;
  const kept = kindOf(tools, x);
  if (kept === "float32") return stock(tools.call);
  // In two dimensions it has another shader, for float32 too.
  const spread = x.shape.length === 2 ? [1, ...x.shape] : x.shape;
  const turns = x.shape.length === 2 ? [0, perm[0] + 1, perm[1] + 1] : perm;
  const wide = tools.run("Reshape", { x: { ...x, dtype: kept } }, { shape: spread });
  const whole = withShader(backend, "whole", (code) => code.replaceAll("setOutputAtIndex(", "setOutputAtIndexI32("));
  const turned = stock({ inputs: { x: wide }, attrs: { perm: turns }, backend: whole });
  const shape = perm.map((axis: number) => x.shape[axis]);
  return tools.run("Reshape", { x: { ...turned, dtype: x.dtype } }, { shape });
};

/** How the numbers are kept: what was made of whole numbers by a cast stays as it was, and is only called otherwise. */
function kindOf({ call }: Tools, { dataId }: TensorInfo): DataType {
  const { tensorMap } = call.backend as unknown as { tensorMap: { get(id: object): { dtype: DataType } } };
  return tensorMap.get(dataId).dtype;
}
