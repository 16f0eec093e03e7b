import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Call, Family, Machine } from "./kernel.ts";

/** Steps of optimizers, each in one pass over the memory. What each computes is told in `../ops/`. */
export const optimizers: Family = (machine) => ({
  SgdStep: step(machine, "sgdStep", ["value", "gradient"], ["value"], ({ rate }) => [rate]),
  MomentumStep: step(
    machine,
    "momentumStep",
    ["value", "gradient", "velocity"],
    ["value", "velocity"],
    ({ rate, momentum, nesterov }) => [rate, momentum, nesterov ? 1 : 0],
  ),
  AdamStep: step(
    machine,
    "adamStep",
    ["value", "gradient", "m", "v"],
    ["value", "m", "v"],
    ({ size, beta1, beta2, epsilon, keep }) => [size, beta1, beta2, 1 - beta1, 1 - beta2, epsilon, keep],
  ),
  RmsPropStep: step(
    machine,
    "rmsPropStep",
    ["value", "gradient", "squares", "velocity"],
    ["value", "squares", "velocity"],
    ({ rate, decay, momentum, epsilon }) => [rate, decay, 1 - decay, momentum, epsilon],
  ),
  AdagradStep: step(
    machine,
    "adagradStep",
    ["value", "gradient", "squares"],
    ["value", "squares"],
    ({ rate, epsilon }) => [rate, epsilon],
  ),
});

/**
 * A kernel that takes tensors of one shape by these names, and gives new ones for some of them. One that is not given
 * has no result. Never the old ones changed: other kernels keep packed weights by a tensor's id.
 */
function step(
  { heap, native }: Machine,
  name: string,
  taken: readonly string[],
  given: readonly string[],
  numbers: (attrs: Call["attrs"]) => number[],
) {
  return ({ inputs, attrs }: Call): TensorInfo[] => {
    const { shape } = inputs.value as TensorInfo;
    const outputs = given.map((input) => inputs[input] == null ? null : heap.output(shape));
    const place = (tensor: TensorInfo | null | undefined) => tensor == null ? 0 : heap.pointer(tensor);
    const from = taken.map((input) => place(inputs[input])), to = outputs.map(place);
    native[name]!(shape.reduce((product, length) => product * length, 1), ...from, ...to, ...numbers(attrs));
    return outputs.filter((output) => output !== null);
  };
}
