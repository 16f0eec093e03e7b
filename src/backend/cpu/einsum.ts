import type { TensorInfo } from "@tensorflow/tfjs-core";
import { type CpuKernel, eachPlace, valuesOf } from "./kernel.ts";

/** Each product of the operands, summed. tfjs's own leaves out an operand that has no label that is summed over. */
export const einsum: CpuKernel = () => (call) => {
  const { inputs, attrs, backend } = call;
  const operands = Object.values(inputs) as TensorInfo[];
  const [left, output] = (attrs.equation as string).replace(/\s/g, "").split("->") as [string, string];
  const terms = left.split(","), lengths = new Map<string, number>();
  for (const [i, term] of terms.entries()) {
    for (const [j, label] of [...term].entries()) lengths.set(label, operands[i]!.shape[j]!);
  }
  const labels = [...lengths.keys()], shape = [...output].map((label) => lengths.get(label)!);
  const strides = terms.map((term, i) => stridesOf(term, operands[i]!.shape, labels));
  const numbers = operands.map((operand) => valuesOf(call, operand));
  const sums = new Float64Array(shape.reduce((size, length) => size * length, 1));
  eachPlace([...lengths.values()], [...strides, stridesOf(output, shape, labels)], (at) => {
    let product = 1;
    for (const [i, values] of numbers.entries()) product *= values[at[i]!]!;
    sums[at.at(-1)!]! += product;
  });
  return backend.makeTensorInfo(shape, operands[0]!.dtype, Float32Array.from(sums));
};

/** How far apart elements lie along each label; 0 along those that the term lacks. */
function stridesOf(term: string, shape: readonly number[], labels: readonly string[]): number[] {
  const after = (place: number) => shape.slice(place + 1).reduce((size, length) => size * length, 1);
  return labels.map((label) => term.includes(label) ? after(term.indexOf(label)) : 0);
}
