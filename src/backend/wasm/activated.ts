import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Call, Machine } from "./kernel.ts";

/** The kernels of the activations that tfjs fuses, by its names of them. */
const kernels: Readonly<Record<string, string>> = {
  relu: "Relu",
  relu6: "Relu6",
  elu: "Elu",
  sigmoid: "Sigmoid",
  leakyrelu: "LeakyRelu",
  tanh: "Tanh",
  prelu: "Prelu",
};

/** What a fused operation does after its product: bias, then activation. It frees the tensor that it was given. */
export function activated(
  { heap, run }: Machine,
  x: TensorInfo,
  inputs: Call["inputs"],
  attrs: Call["attrs"],
): TensorInfo {
  const { bias, preluActivationWeights: alpha } = inputs, { activation } = attrs;
  let y = x;
  const then = (kernel: string, inputs: Call["inputs"], attrs?: Call["attrs"]) => {
    const next = run(kernel, inputs, attrs);
    heap.free(y);
    y = next;
  };
  if (bias) then("Add", { a: y, b: bias });
  if (activation && activation !== "linear") {
    const kernel = kernels[activation];
    if (kernel === undefined) {
      throw new RangeError(`Cannot fuse the activation ${activation}: it is not known; call it by itself`);
    }
    if (kernel === "Prelu") then(kernel, { x: y, alpha });
    else then(kernel, { x: y }, kernel === "LeakyRelu" ? { alpha: attrs.leakyreluAlpha } : {});
  }
  return y;
}
