import type { TensorInfo } from "@tensorflow/tfjs-core";

/** A tensor whose dimensions have names, a letter each. */
export interface Named {
  readonly labels: string;
  readonly tensor: TensorInfo;
}

/**
 * The operands of Einstein's summation by their names, and those of what comes of it.
 *
 * @throws {RangeError} an equation that can't be understood, or doesn't fit the operands
 */
export function parseEquation(equation: string, tensors: TensorInfo[]): { operands: Named[]; output: string } {
  const wrong = (found: string, mend: string) =>
    new RangeError(`Cannot compute the einsum "${equation}": ${found}; ${mend}`);
  const [left, output, ...rest] = equation.replace(/\s/g, "").split("->"), terms = left!.split(",");
  if (output === undefined || rest.length > 0) throw wrong("it needs one arrow", 'write it as "ij,jk->ik"');
  if (tensors.length > 2) throw wrong(`it has ${tensors.length} operands`, "take two at a time");
  if (terms.length !== tensors.length) {
    throw wrong(`it names ${terms.length} operands, ${tensors.length} are given`, "name each, with commas between");
  }
  for (const labels of [...terms, output]) {
    if (!/^[a-zA-Z]*$/.test(labels)) {
      throw wrong(`"${labels}" has more than letters`, "name each dimension by a letter");
    }
    if (new Set(labels).size < labels.length) throw wrong(`"${labels}" has a letter twice`, "give each its own");
  }
  const operands = terms.map((labels, i) => ({ labels, tensor: tensors[i]! }));
  const lengths = new Map<string, number>();
  for (const { labels, tensor: { shape } } of operands) {
    if (labels.length !== shape.length) throw wrong(`"${labels}" has the shape [${shape}]`, "name each dimension");
    for (const [axis, label] of [...labels].entries()) {
      const other = lengths.get(label) ?? shape[axis];
      if (other !== shape[axis]) throw wrong(`${label} is both ${other} and ${shape[axis]} long`, "make them equal");
      lengths.set(label, shape[axis]!);
    }
  }
  const unknown = [...output].find((label) => !lengths.has(label));
  if (unknown !== undefined) throw wrong(`no operand has ${unknown}`, "leave it out behind the arrow");
  return { operands, output };
}
