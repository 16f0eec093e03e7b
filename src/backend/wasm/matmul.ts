import type { TensorInfo } from "@tensorflow/tfjs-core";
import { asFloats, backTo } from "./as_floats.ts";
import { type Ending, endingOf } from "./ending.ts";
import type { Call, Family, Machine } from "./kernel.ts";

/** Products of matrices, any of them transposed, in batches that broadcast; with a bias and an activation. */
export const matmul: Family = (machine) => {
  const product = (call: Call) =>
    asFloats(machine, call.inputs.a, (a) => asFloats(machine, call.inputs.b, (b) => multiplied(machine, call, a, b)));
  return {
    BatchMatMul: product,
    _FusedMatMul: product,
    // See ../ops/dense.ts.
    Dense: ({ inputs: { x, kernel, bias }, attrs }) => product({ inputs: { a: x, b: kernel, bias }, attrs }),
  };
};

/** A product of two matrices: sizes, and how far it is from row to row and from column to column in each. */
export interface Product {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

function multiplied(machine: Machine, call: Call, a: TensorInfo, b: TensorInfo): TensorInfo {
  const { heap, tf } = machine, { transposeA = false, transposeB = false } = call.attrs;
  const [rows, depth] = lastTwo(a.shape, transposeA), [inner, columns] = lastTwo(b.shape, transposeB);
  if (depth !== inner) {
    throw new TypeError(
      `Cannot multiply matrices: the shapes are [${a.shape}] and [${b.shape}]; the inner lengths, ${depth} and ${inner}, must be equal`,
    );
  }
  const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
  const out = heap.output([...outer, rows, columns]), ending = endingOf(machine, call, columns);
  const [x, y, to] = [a, b, out].map((tensor) => heap.pointer(tensor)) as [number, number, number];
  const product = { rows, columns, depth, transposeA, transposeB };
  if (!transposeA && size(outerB) === 1 && size(outerA) === size(outer)) {
    multiply(machine, { ...product, rows: rows * size(outer) }, x, y, to, ending);
  } else {
    const [atA, atB] = [matricesOf(outerA, outer), matricesOf(outerB, outer)];
    atA.forEach((i, n) => {
      const place = to + 4 * n * rows * columns;
      multiply(machine, product, x + 4 * i * rows * depth, y + 4 * atB[n]! * depth * columns, place, ending);
    });
  }
  const whole = call.inputs.a.dtype === "int32" && call.inputs.b.dtype === "int32";
  return backTo(machine, whole ? "int32" : "float32", ending.rest(out));
}

/** Runs our product on places in the memory, some rows on each thread. */
export function multiply(
  { heap, native, divide, together }: Machine,
  { rows, columns, depth, transposeA, transposeB }: Product,
  a: number,
  b: number,
  to: number,
  { bias = 0, activation = 0, alpha = 0 }: Partial<Ending> = {},
): void {
  if (rows === 0 || columns === 0) return;
  const [aRow, aDepth] = transposeA ? [1, rows] : [depth, 1];
  const [bDepth, bColumn] = transposeB ? [1, depth] : [columns, 1];
  const parts = divide(rows, rows * columns * depth);
  heap.scratches(parts.map(() => native.gemmScratch!(columns, depth)), (scratches) => {
    const calls = parts.map(([first, count], i) => {
      const [from, place] = [a + 4 * first * aRow!, to + 4 * first * columns];
      const lies = [from, aRow!, aDepth!, b, bDepth!, bColumn!, place, columns] as const;
      return [count, columns, depth, ...lies, bias, activation, alpha, scratches[i]!];
    });
    together("gemm", calls);
  });
}

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);

function lastTwo(shape: readonly number[], turned: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return turned ? [columns, rows] : [rows, columns];
}

/** For each matrix of the result, which matrix of an operand it is made of. */
function matricesOf(shape: readonly number[], outer: readonly number[]): number[] {
  let places = [0], step = size(shape);
  const missing = outer.length - shape.length;
  outer.forEach((length, axis) => {
    const own = axis < missing ? 1 : shape[axis - missing]!;
    step /= Math.max(own, 1);
    const stride = own === 1 ? 0 : step;
    places = places.flatMap((place) => Array.from({ length }, (_, i) => place + i * stride));
  });
  return places;
}
