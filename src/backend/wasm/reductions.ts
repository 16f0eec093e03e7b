import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Call, Family, Kernel, Machine } from "./kernel.ts";

/** What `reduce` of `assembly/reduction.ts` calls them. */
const works = { sum: 0, product: 1, maximum: 2, minimum: 3 };

/**
 * Sums, means, products and extremes over any axes. Sums are taken in blocks, so that the error of a sum of n numbers
 * grows far slower than n; a sum of ones is right up to 2^31.
 */
export const reductions: Family = (machine) => ({
  Sum: reduction(machine, "Sum", works.sum),
  Mean: reduction(machine, "Mean", works.sum, true),
  Prod: reduction(machine, "Prod", works.product),
  Max: reduction(machine, "Max", works.maximum),
  Min: reduction(machine, "Min", works.minimum),
});

function reduction(machine: Machine, name: string, work: number, mean = false): Kernel {
  const { heap, run, stock } = machine;
  return (call) => {
    const x = call.inputs.x as TensorInfo, { keepDims } = call.attrs, axes = axesOf(machine, x, call.attrs);
    // Whole numbers go tfjs's way: float32 can't hold them all.
    if (x.dtype !== "float32") return stock(name)(call);
    const shape = x.shape.flatMap((length, axis) => axes.includes(axis) ? keepDims ? [1] : [] : [length]);
    const count = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
    const together = asOneAxis(x.shape, axes), scale = mean ? 1 / count : 1;
    if (together !== undefined) return reduceAxis(machine, work, x, together, shape, scale);
    const kept = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
    const turned = run("Transpose", { x }, { perm: [...kept, ...axes] });
    const y = reduceAxis(machine, work, turned, [product(shape), count, 1], shape, scale);
    heap.free(turned);
    return y;
  };
}

/** How long a tensor is [before, at, behind] the axes that go. */
type Parts = [outer: number, length: number, inner: number];

function reduceAxis(
  { heap, native }: Machine,
  work: number,
  x: TensorInfo,
  [outer, length, inner]: Parts,
  shape: number[],
  scale: number,
): TensorInfo {
  const y = heap.output(shape);
  native.reduce!(work, heap.pointer(x), heap.pointer(y), outer, length, inner, scale);
  return y;
}

/** The axes as one, when nothing longer than 1 lies between them. */
function asOneAxis(shape: readonly number[], axes: readonly number[]): Parts | undefined {
  const long = axes.filter((axis) => shape[axis] !== 1);
  if (long.length === 0) return [product(shape), 1, 1];
  const first = long[0]!, last = long.at(-1)!;
  for (let axis = first; axis <= last; axis++) if (!axes.includes(axis) && shape[axis] !== 1) return undefined;
  return [product(shape.slice(0, first)), product(shape.slice(first, last + 1)), product(shape.slice(last + 1))];
}

function axesOf({ tf }: Machine, { shape }: TensorInfo, attrs: Call["attrs"]): number[] {
  const axes = tf.util.parseAxisParam(attrs.axis ?? attrs.reductionIndices, shape);
  return [...new Set(axes)].sort((a, b) => a - b);
}

const product = (shape: readonly number[]): number => shape.reduce((all, length) => all * length, 1);
