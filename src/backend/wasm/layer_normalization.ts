import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Call, Family, Machine } from "./kernel.ts";

/** Layer normalisation over a tensor's last axis, forward and back: see `../ops/layer_norm.ts`. */
export const layerNormalization: Family = (machine) => ({
  LayerNorm: ({ inputs, attrs }) => forward(machine, inputs, attrs),
  LayerNormGrad: ({ inputs }) => gradients(machine, inputs),
});

function forward(
  { heap, native }: Machine,
  { x, gamma, beta }: Call["inputs"],
  { epsilon }: Call["attrs"],
): TensorInfo[] {
  const [rows, ways] = x.shape as [number, number];
  const outputs = [heap.output(x.shape), heap.output([rows]), heap.output([rows])];
  const pointers = [x, gamma, beta, ...outputs].map((each) => heap.pointer(each));
  native.layerNormalize!(...pointers, rows, ways, epsilon);
  return outputs;
}

function gradients({ heap, native }: Machine, { dy, x, gamma, mean, scale }: Call["inputs"]): TensorInfo[] {
  const [rows, ways] = x.shape as [number, number];
  const dx = heap.output(x.shape), dgamma = heap.output([ways]), dbeta = heap.output([ways]);
  const at = (...tensors: TensorInfo[]) => tensors.map((each) => heap.pointer(each));
  native.layerGradient!(...at(x, dy, gamma, mean, scale, dx), rows, ways);
  native.layerGradientSums!(...at(x, dy, mean, scale, dgamma, dbeta), rows, ways);
  return [dx, dgamma, dbeta];
}
