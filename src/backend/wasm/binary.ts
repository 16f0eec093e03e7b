import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Family, Kernel, Machine } from "./kernel.ts";

/** What `binary` of `assembly/binary.ts` calls them; `turned` are those that are done with the operands swapped. */
const works: Readonly<Record<string, readonly [work: number, turned?: boolean]>> = {
  Add: [0],
  Sub: [1],
  Multiply: [2],
  RealDiv: [3],
  Maximum: [4],
  Minimum: [5],
  SquaredDifference: [6],
  Equal: [7],
  NotEqual: [8],
  Less: [9],
  LessEqual: [10],
  Greater: [9, true],
  GreaterEqual: [10, true],
};

/** What tfjs has quick itself, unless short rows are broadcast. */
const quickThere = ["Add", "Sub", "Multiply", "RealDiv", "SquaredDifference"];

/** Arithmetic and comparison of two tensors of fractions, and the choice between two. */
export const binary: Family = (machine) => ({
  ...Object.fromEntries(Object.keys(works).map((name) => [name, operation(machine, name)])),
  Select: select(machine),
});

function operation(machine: Machine, name: string): Kernel {
  const { heap, native, stock, tf } = machine, [work, turned = false] = works[name]!;
  return (call) => {
    const { a: first, b: second } = call.inputs as Record<string, TensorInfo>;
    const [a, b] = turned ? [second!, first!] : [first!, second!];
    if (a.dtype !== "float32" || b.dtype !== "float32") return stock(name)(call);
    const shape = tf.broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape),
      axes = axesOf(shape, a.shape, b.shape);
    if (quickThere.includes(name) && (axes.length === 1 || axes.at(-1)![0]! >= 64)) return stock(name)(call);
    const y = heap.output(shape, work < works.Equal![0] ? "float32" : "bool");
    heap.scratch(12 * axes.length + 32, (plan) => {
      new Int32Array(heap.memory.buffer, plan, 3 * axes.length).set(axes.flat());
      if (size(y) > 0) native.binary!(work, heap.pointer(a), heap.pointer(b), heap.pointer(y), plan, axes.length);
    });
    return y;
  };
}

/** As few axes as there can be: how long, and how many numbers it is from one step to the next in each operand. */
function axesOf(shape: readonly number[], a: readonly number[], b: readonly number[]): number[][] {
  const [aSteps, bSteps] = [a, b].map((own) => steps(own, shape.length)) as [number[], number[]];
  const axes: number[][] = [];
  for (const [i, length] of shape.entries()) {
    if (length === 1) continue;
    const [aStep, bStep] = [aSteps[i]!, bSteps[i]!], outer = axes.at(-1);
    if (outer !== undefined && outer[1] === aStep * length && outer[2] === bStep * length) {
      axes[axes.length - 1] = [outer[0]! * length, aStep, bStep];
    } else axes.push([length, aStep, bStep]);
  }
  return axes.length === 0 ? [[1, 0, 0]] : axes;
}

/** How many numbers it is from one step to the next along each axis: 0 along one that is broadcast. */
function steps(shape: readonly number[], rank: number): number[] {
  let step = 1;
  const own = shape.toReversed().map((length) => {
    const each = length === 1 ? 0 : step;
    step *= length;
    return each;
  }).reverse();
  return [...Array<number>(rank - shape.length).fill(0), ...own];
}

function select({ heap, native, stock }: Machine): Kernel {
  return (call) => {
    const { condition, t, e } = call.inputs as Record<string, TensorInfo>;
    const floats = t!.dtype === "float32" && e!.dtype === "float32" && condition!.dtype === "bool";
    if (!floats || size(condition!) !== size(t!)) return stock("Select")(call);
    const y = heap.output(t!.shape);
    native.select!(heap.pointer(condition!), heap.pointer(t!), heap.pointer(e!), heap.pointer(y), size(y));
    return y;
  };
}

const size = ({ shape }: TensorInfo): number => shape.reduce((product, length) => product * length, 1);
