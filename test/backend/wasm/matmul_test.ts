import assert from "node:assert/strict";
import type { Tensor } from "@tensorflow/tfjs-core";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { difference, numbers, product, withoutLeaks } from "./reference.ts";

await resolveBackend("wasm");

/** A product of two matrices by its definition. */
function multiplied(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  [rows, depth, columns]: readonly number[],
  [turnA, turnB]: readonly boolean[],
): Float64Array {
  const c = new Float64Array(rows! * columns!);
  for (let i = 0; i < rows!; i++) {
    for (let j = 0; j < columns!; j++) {
      for (let k = 0; k < depth!; k++) {
        c[i * columns! + j]! += a[turnA ? k * rows! + i : i * depth! + k]! *
          b[turnB ? j * depth! + k : k * columns! + j]!;
      }
    }
  }
  return c;
}

const turns = [[false, false], [true, false], [false, true], [true, true]] as const;
/** Within, at and beyond the edges of tiles and of blocks. */
const sizes = [[1, 1, 1], [3, 4, 5], [4, 8, 8], [33, 65, 17], [1, 300, 100], [67, 1030, 9], [5, 3, 521], [64, 512, 16]];

for (const [turnA, turnB] of turns) {
  Deno.test(`matmul: every size, transposed ${[turnA, turnB]}`, () => {
    withoutLeaks(tf(), () => {
      for (const [rows, depth, columns] of sizes as [number, number, number][]) {
        const [a, b] = [numbers(rows * depth, 1), numbers(depth * columns, 2)];
        const found = tf().tidy(() => {
          const [x, y] = [turnA ? [depth, rows] : [rows, depth], turnB ? [columns, depth] : [depth, columns]];
          return tf().matMul(tf().tensor(a, x), tf().tensor(b, y), turnA, turnB);
        });
        assert.deepEqual(found.shape, [rows, columns]);
        const wanted = multiplied(a, b, [rows, depth, columns], [turnA, turnB]);
        assert.ok(difference(found.dataSync(), wanted) / (1 + depth) < 2e-6, `${[rows, depth, columns]}`);
        found.dispose();
      }
    });
  });
}

Deno.test("matmul: batches, also such as broadcast, and empty ones", () => {
  const [rows, depth, columns] = [3, 5, 4];
  withoutLeaks(tf(), () => {
    for (const [outerA, outerB, outer] of [[[2], [2], [2]], [[], [2], [2]], [[6], [1], [6]], [[2, 1], [3], [2, 3]]]) {
      for (const turn of turns) {
        const [a, b] = [numbers(product(outerA!) * rows * depth, 1), numbers(product(outerB!) * depth * columns, 2)];
        const found = tf().tidy(() => {
          const [x, y] = [turn[0] ? [depth, rows] : [rows, depth], turn[1] ? [columns, depth] : [depth, columns]];
          return tf().matMul(tf().tensor(a, [...outerA!, ...x]), tf().tensor(b, [...outerB!, ...y]), ...turn);
        });
        assert.deepEqual(found.shape, [...outer!, rows, columns]);
        const data = found.dataSync();
        for (let n = 0; n < product(outer!); n++) {
          const one = (outer: readonly number[]) =>
            outer.at(-1) === 3 || outer.length === 1 ? n % product(outer) : Math.floor(n / 3);
          const [i, j] = [outerA!.length === 0 ? 0 : one(outerA!), one(outerB!)];
          const from = [a.subarray(i * rows * depth), b.subarray(j * depth * columns)] as const;
          const wanted = multiplied(...from, [rows, depth, columns], turn);
          const size = rows * columns;
          assert.ok(difference(data.subarray(n * size, (n + 1) * size), wanted) < 1e-5, `${outerA} ${outerB} ${n}`);
        }
        found.dispose();
      }
    }
    for (
      const [a, b, shape] of [[[0, 3], [3, 2], [0, 2]], [[2, 0], [0, 2], [2, 2]], [[0, 2, 3], [0, 3, 2], [0, 2, 2]]]
    ) {
      const found = tf().tidy(() => tf().matMul(tf().zeros(a!), tf().zeros(b!)));
      assert.deepEqual([found.shape, [...found.dataSync()].some((x) => x !== 0)], [shape, false]);
      found.dispose();
    }
  });
});

Deno.test("matmul: whole numbers, and inner lengths that differ", () => {
  const found = tf().tidy(() =>
    tf().matMul(tf().tensor2d([[1, 2]], [1, 2], "int32"), tf().tensor2d([[3], [4]], [2, 1], "int32"))
  );
  assert.deepEqual([found.dtype, [...found.dataSync()]], ["int32", [11]]);
  found.dispose();
  const run = () =>
    tf().tidy(() =>
      tf().engine().runKernel("BatchMatMul", { a: tf().zeros([2, 3]), b: tf().zeros([2, 3]) }, {
        transposeA: false,
        transposeB: false,
      })
    );
  assert.throws(run, { name: "TypeError", message: /inner lengths, 3 and 2/ });
});

/** The activations that tfjs fuses, by their definition. */
const activations: Record<string, (x: number) => number> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  relu6: (x) => Math.min(6, Math.max(0, x)),
  leakyrelu: (x) => x < 0 ? 0.3 * x : x,
  elu: (x) => x < 0 ? Math.expm1(x) : x,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  prelu: (x) => x < 0 ? 0.5 * x : x,
};

for (const [activation, f] of Object.entries(activations)) {
  Deno.test(`matmul: with ${activation}, and biases of every shape`, () => {
    const [rows, depth, columns] = [6, 5, 11], [a, b] = [numbers(rows * depth, 1), numbers(depth * columns, 2)];
    const plain = multiplied(a, b, [rows, depth, columns], [false, false]);
    withoutLeaks(tf(), () => {
      for (const shape of [undefined, [columns], [1], [1, columns], [rows, 1], [rows, columns]]) {
        const bias = shape && numbers(product(shape), 3);
        const inputs = {
          a: tf().tensor(a, [rows, depth]),
          b: tf().tensor(b, [depth, columns]),
          ...(bias && { bias: tf().tensor(bias, shape) }),
        };
        const alpha: Record<string, Tensor> = activation === "prelu"
          ? { preluActivationWeights: tf().fill([columns], 0.5) }
          : {};
        const all: Record<string, Tensor> = { ...inputs, ...alpha };
        const attrs = { transposeA: false, transposeB: false, activation, leakyreluAlpha: 0.3 };
        const found = tf().engine().runKernel("_FusedMatMul", all, attrs) as Tensor;
        const wanted = plain.map((x, at) => {
          const [i, j] = [Math.floor(at / columns), at % columns];
          const [tall, wide] = [shape?.length === 2 && shape[0]! > 1, shape?.at(-1) === columns];
          return f(x + (bias ? bias[(tall ? i * shape!.at(-1)! : 0) + (wide ? j : 0)]! : 0));
        });
        assert.ok(difference(found.dataSync(), wanted) < 1e-5, `bias [${shape}]`);
        tf().dispose([found, ...Object.values(all)]);
      }
    });
  });
}
