import type { Tensor } from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { everyPlace, numbers, product, withoutLeaks } from "./reference.ts";

await resolveBackend("wasm");

type From = (place: number[]) => readonly number[] | undefined;

/** What comes out when each number is looked up where it came from; `otherwise` where it came from nowhere. */
function moved(x: ArrayLike<number>, shape: readonly number[], out: readonly number[], from: From, otherwise = 0) {
  return [...everyPlace(out)].map((place) => {
    const at = from(place);
    if (at === undefined || at.some((i, axis) => i < 0 || i >= shape[axis]!)) return otherwise;
    return x[at.reduce((sum, i, axis) => sum * shape[axis]! + i, 0)]!;
  });
}

/** Checks an operation that only moves numbers, of fractions, whole numbers and truths. */
function check(shape: number[], out: number[], call: (x: Tensor) => Tensor, from: From, otherwise?: number): void {
  const x = numbers(product(shape)).map((v) => Math.round(v * 100));
  for (const dtype of ["float32", "int32", "bool"] as const) {
    const values = dtype === "bool" ? x.map((v) => v > 0 ? 1 : 0) : x;
    tf().tidy(() => {
      const y = call(tf().tensor(dtype === "bool" ? Array.from(values, Boolean) : values, shape, dtype));
      const told = `${dtype} [${shape}] to [${out}]`;
      assert.deepEqual([y.shape, y.dtype], [out, dtype], told);
      const wanted = moved(values, shape, out, from, dtype === "bool" ? Math.sign(otherwise ?? 0) : otherwise);
      assert.deepEqual(Array.from(y.dataSync(), (v) => v + 0), wanted.map((v) => v + 0), told);
    });
  }
}

const orders = (rank: number): number[][] =>
  rank === 0
    ? [[]]
    : orders(rank - 1).flatMap((order) =>
      Array.from({ length: rank }, (_, i) => [...order.slice(0, i), rank - 1, ...order.slice(i)])
    );

Deno.test("layout: transpose, in every order", () => {
  withoutLeaks(tf(), () => {
    for (const shape of [[5], [21, 18], [3, 19, 6], [2, 3, 1, 5], [4, 1, 17, 3], [2, 3, 0], [2, 1, 3, 2, 4]]) {
      for (const perm of orders(shape.length)) {
        const out = perm.map((axis) => shape[axis]!);
        check(
          shape,
          out,
          (x) => tf().transpose(x, perm),
          (place) => shape.map((_, axis) => place[perm.indexOf(axis)]!),
        );
      }
    }
  });
});

Deno.test("layout: tile", () => {
  withoutLeaks(tf(), () => {
    for (
      const [shape, reps] of [[[4], [3]], [[2, 3], [1, 4]], [[2, 3], [3, 1]], [[2, 1, 3], [2, 5, 2]], [[3, 2], [0, 2]]]
    ) {
      const out = shape!.map((length, axis) => length * reps![axis]!);
      check(shape!, out, (x) => tf().tile(x, reps!), (place) => place.map((i, axis) => i % shape![axis]!));
    }
  });
});

Deno.test("layout: pad", () => {
  withoutLeaks(tf(), () => {
    for (
      const [shape, pads] of [
        [[4], [[1, 2]]],
        [[2, 3], [[0, 0], [2, 1]]],
        [[2, 3, 2, 2], [[0, 0], [1, 0], [0, 2], [0, 0]]],
        [[0, 2], [[1, 1], [0, 1]]],
        [[2, 2, 2, 2, 2], [[0, 1], [0, 0], [1, 1], [0, 0], [2, 0]]],
      ] as [number[], [number, number][]][]
    ) {
      const out = shape.map((length, axis) => length + pads[axis]![0] + pads[axis]![1]);
      check(shape, out, (x) => tf().pad(x, pads, 1), (place) => place.map((i, axis) => i - pads[axis]![0]), 1);
    }
  });
});

Deno.test("layout: slice, split", () => {
  withoutLeaks(tf(), () => {
    for (
      const [shape, begin, size] of [
        [[9], [2], [4]],
        [[5, 6], [1, 0], [3, 6]],
        [[5, 6], [1, 2], [3, 2]],
        [[3, 4, 5], [0, 1, 4], [3, 2, 1]],
        [[2, 3, 2, 3, 2], [1, 0, 1, 1, 0], [1, 3, 1, 2, 2]],
        [[4, 3], [2, 1], [0, 2]],
      ] as number[][][]
    ) check(shape!, size!, (x) => tf().slice(x, begin!, size!), (place) => place.map((i, axis) => i + begin![axis]!));
    check([3, 7, 2], [3, 4, 2], (x) => tf().split(x, [1, 4, 2], 1)[1]!, ([a, b, c]) => [a!, b! + 1, c!]);
    check([6, 2], [2, 2], (x) => tf().split(x, 3)[2]!, ([a, b]) => [a! + 4, b!]);
    assert.throws(() => tf().tidy(() => tf().slice(tf().zeros([3]), [2], [4])), /begin/);
  });
});

Deno.test("layout: concat", () => {
  withoutLeaks(tf(), () => {
    for (const axis of [0, 1, 2, -1]) {
      const own = (axis + 3) % 3, out = [4, 3, 5].with(own, 2 * [4, 3, 5][own]!);
      const from: From = (place) => place.with(own, place[own]! % [4, 3, 5][own]!);
      check([4, 3, 5], out, (x) => tf().concat([x, x], axis), from);
    }
    tf().tidy(() => {
      const y = tf().concat([tf().tensor2d([[1], [2]]), tf().zeros([2, 0]), tf().tensor2d([[3, 4], [5, 6]])], 1);
      assert.deepEqual(y.arraySync(), [[1, 3, 4], [2, 5, 6]]);
      assert.throws(() => tf().concat([tf().zeros([2, 1]), tf().zeros([3, 1])], 1), /shape/i);
    });
  });
});

Deno.test("layout: space to batch and back", () => {
  withoutLeaks(tf(), () => {
    check([1, 4, 3, 2], [4, 3, 2, 2], (x) => tf().spaceToBatchND(x, [2, 2], [[1, 1], [0, 1]]), ([b, h, w, c]) => {
      return [0, h! * 2 + (b! >> 1) - 1, w! * 2 + b! % 2, c!];
    });
    check([6, 2, 2], [2, 4, 2], (x) => tf().batchToSpaceND(x, [3], [[1, 1]]), ([b, h, c]) => {
      const row = h! + 1;
      return [row % 3 * 2 + b!, Math.floor(row / 3), c!];
    });
  });
});
