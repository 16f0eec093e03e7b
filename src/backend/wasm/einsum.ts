import type { TensorInfo } from "@tensorflow/tfjs-core";
import { type Named, parseEquation } from "./einsum_equation.ts";
import type { Call, Family, Machine } from "./kernel.ts";

/** Einstein's summation of one or two operands, by sums, transpositions and one product of matrices in batches. */
export const einsum: Family = (machine) => ({
  Einsum: ({ inputs, attrs }) => summation(machine, inputs, attrs.equation as string),
});

type Run = Machine["run"];

function summation(machine: Machine, inputs: Call["inputs"], equation: string): TensorInfo {
  const made: TensorInfo[] = [];
  const run: Run = (...call) => {
    const tensor = machine.run(...call);
    made.push(tensor);
    return tensor;
  };
  const { operands, output } = parseEquation(equation, Object.values(inputs));
  const summed = operands.map((operand, i) => {
    const elsewhere = output + operands.filter((_, j) => j !== i).map(({ labels }) => labels).join("");
    return withoutLone(run, operand, elsewhere);
  });
  const product = summed.length === 1 ? summed[0]! : multiplied(run, summed[0]!, summed[1]!, output);
  const result = turned(run, product, output).tensor;
  // Of tensors that share their numbers each was counted: all but the one that is given back must go.
  const kept = made.findLastIndex(({ dataId }) => dataId === result.dataId);
  made.forEach((tensor, i) => i === kept || machine.heap.free(tensor));
  return kept >= 0 ? result : machine.run("Identity", { x: result });
}

/** Sums over the dimensions that are nowhere else. */
function withoutLone(run: Run, { labels, tensor }: Named, elsewhere: string): Named {
  const axis = [...labels].flatMap((label, axis) => elsewhere.includes(label) ? [] : [axis]);
  if (axis.length === 0) return { labels, tensor };
  const left = [...labels].filter((label) => elsewhere.includes(label)).join("");
  return { labels: left, tensor: run("Sum", { x: tensor }, { axis, keepDims: false }) };
}

function multiplied(run: Run, a: Named, b: Named, output: string): Named {
  const shared = only(a.labels, b.labels), batch = only(shared, output), summed = without(shared, batch);
  const [rows, columns] = [without(a.labels, shared), without(b.labels, shared)];
  const left = turnedToOne(run, a, [batch + rows + summed, batch + summed + rows]);
  const right = turnedToOne(run, b, [batch + summed + columns, batch + columns + summed]);
  const of = (labels: string) => [...labels].map((label) => lengthOf(label, a, b));
  const inParts = (named: Named, parts: string[]): TensorInfo => ({
    ...named.tensor,
    shape: [batch, ...parts].map((labels) => product(of(labels))),
  });
  const transposeA = left.labels !== batch + rows + summed, transposeB = right.labels !== batch + summed + columns;
  const matrices = run("BatchMatMul", {
    a: inParts(left, transposeA ? [summed, rows] : [rows, summed]),
    b: inParts(right, transposeB ? [columns, summed] : [summed, columns]),
  }, { transposeA, transposeB });
  const labels = batch + rows + columns;
  return { labels, tensor: { ...matrices, shape: of(labels) } };
}

/** As it is, where its dimensions are in one of these orders, or else turned to the first. */
function turnedToOne(run: Run, named: Named, orders: readonly [string, string]): Named {
  return orders.includes(named.labels) ? named : turned(run, named, orders[0]);
}

function turned(run: Run, named: Named, labels: string): Named {
  if (named.labels === labels) return named;
  const perm = [...labels].map((label) => named.labels.indexOf(label));
  return { labels, tensor: run("Transpose", { x: named.tensor }, { perm }) };
}

const only = (labels: string, others: string): string => [...labels].filter((each) => others.includes(each)).join("");
const without = (labels: string, others: string) => [...labels].filter((each) => !others.includes(each)).join("");
const product = (lengths: readonly number[]): number => lengths.reduce((all, length) => all * length, 1);

function lengthOf(label: string, ...operands: Named[]): number {
  const { labels, tensor } = operands.find(({ labels }) => labels.includes(label))!;
  return tensor.shape[labels.indexOf(label)]!;
}
