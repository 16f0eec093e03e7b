import type { Tensor } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import type { Gradient } from "./gradient.ts";

/**
 * For `ij,jk->ik` the gradient of the first operand is `ik,jk->ij` of the output's gradient and the other operand. A
 * label that stands in one operand alone was summed over: along it the gradient is the same everywhere.
 */
export const einsum: Gradient = (tf) => ({
  kernelName: "Einsum",
  saveAllInputs: true,
  gradFunc: (dy, operands, attrs) => {
    const [left, output] = (attrs.equation as string).replace(/\s/g, "").split("->") as [string, string];
    const terms = left.split(",");
    const gradients = operands.map((operand, i) => () => {
      const factors = [dy as Tensor, ...operands.filter((_, j) => j !== i)];
      const labels = [output, ...terms.filter((_, j) => j !== i)];
      return gradientOf(tf, terms[i]!, operand.shape, labels, factors);
    });
    return Object.fromEntries(gradients.entries());
  },
});

function gradientOf(tf: TF, term: string, shape: number[], labels: string[], factors: Tensor[]): Tensor {
  const known = [...term].filter((label) => labels.some((other) => other.includes(label))).join("");
  const summed = labels.map((own, i) => {
    const others = known + labels.filter((_, j) => j !== i).join("");
    return withoutLone(tf, own, factors[i]!, others);
  });
  const equation = `${summed.map(([own]) => own).join(",")}->${known}`;
  const gradient = tf.einsum(equation, ...summed.map(([, factor]) => factor));
  if (known === term) return gradient;
  const kept = shape.map((length, i) => known.includes(term[i]!) ? length : 1);
  return tf.mul(tf.reshape(gradient, kept), tf.ones(shape));
}

/** A factor summed over the labels that nothing else has: with them, tfjs's einsum loses the other factor. */
function withoutLone(tf: TF, own: string, factor: Tensor, others: string): [labels: string, factor: Tensor] {
  const axes = [...own].flatMap((label, axis) => others.includes(label) ? [] : [axis]);
  if (axes.length === 0) return [own, factor];
  return [[...own].filter((label) => others.includes(label)).join(""), tf.sum(factor, axes)];
}
