import type { Tensor, Tensor5D } from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { difference, numbers, product, type Sliding, windows, withoutLeaks } from "./reference.ts";

await resolveBackend("wasm");

interface Case extends Sliding {
  readonly shape: readonly number[];
  readonly outputs: number;
}

/** A convolution over three axes and its gradients by their definition. */
function expected({ shape, outputs, ...sliding }: Case, x: Float32Array, filter: Float32Array) {
  const batch = shape[0]!, ways = shape[4]!, lengths = shape.slice(1, -1), size = product(lengths);
  const { shape: places, all } = windows(lengths, sliding);
  const y = new Float64Array(batch * all.length * outputs), dy = numbers(y.length, 7);
  const dx = new Float64Array(x.length), df = new Float64Array(filter.length);
  for (let b = 0; b < batch; b++) {
    all.forEach((taps, place) => {
      for (const [tap, position] of taps) {
        for (let c = 0; c < ways; c++) {
          const from = (b * size + position) * ways + c;
          for (let o = 0; o < outputs; o++) {
            const weight = (tap * ways + c) * outputs + o, to = (b * all.length + place) * outputs + o;
            y[to]! += x[from]! * filter[weight]!;
            dx[from]! += dy[to]! * filter[weight]!;
            df[weight]! += dy[to]! * x[from]!;
          }
        }
      }
    });
  }
  return { places, y, dy, dx, df };
}

const cases: Case[] = [];
for (const shape of [[2, 4, 5, 3, 3], [1, 3, 4, 5, 1], [1, 5, 5, 5, 8], [0, 3, 3, 3, 2]]) {
  for (const outputs of [1, 5]) {
    for (const taps of [[3, 3, 3], [1, 2, 1], [2, 1, 3]]) {
      for (const [strides, dilations] of [[[1, 1, 1]], [[2, 2, 2]], [[3, 1, 2]], [[1, 1, 1], [2, 1, 2]]]) {
        for (const pad of ["same", "valid"] as const) {
          const reach = taps.map((size, axis) => (size - 1) * (dilations?.[axis] ?? 1) + 1);
          if (pad === "valid" && reach.some((size, axis) => size > shape[axis + 1]!)) continue;
          cases.push({ shape, outputs, taps, strides: strides!, ...(dilations ? { dilations } : {}), pad });
        }
      }
    }
  }
}

type Three = [number, number, number];

Deno.test("conv3d: values and gradients, every stride, dilation and padding", () => {
  withoutLeaks(tf(), () => {
    for (const each of cases) {
      const { shape, outputs, taps, strides, dilations = [1, 1, 1], pad } = each, told = JSON.stringify(each);
      const filterShape = [...taps, shape[4]!, outputs];
      const x = numbers(product(shape)), filter = numbers(product(filterShape), 3), wanted = expected(each, x, filter);
      tf().tidy(() => {
        const call = (x: Tensor, w: Tensor) =>
          tf().conv3d(x as Tensor5D, w as Tensor5D, strides as Three, pad as "same", "NDHWC", dilations as Three);
        const given = [tf().tensor(x, [...shape]), tf().tensor(filter, filterShape)];
        const y = call(given[0]!, given[1]!), dy = tf().tensor(wanted.dy, y.shape);
        assert.deepEqual(y.shape, [shape[0], ...wanted.places, outputs], told);
        const [dx, df] = tf().grads((x, w) => tf().sum(tf().mul(call(x, w), dy)))(given);
        assert.ok(difference(y.dataSync(), wanted.y) < 1e-4, told);
        assert.ok(difference(dx!.dataSync(), wanted.dx) < 1e-4, told);
        assert.ok(difference(df!.dataSync(), wanted.df) < 1e-3, told);
      });
    }
  });
});

Deno.test("conv3d: a transposed one is the gradient of one, and has its own", () => {
  withoutLeaks(tf(), () => {
    for (const each of cases.filter(({ dilations, shape }) => dilations === undefined && shape[0]! > 0)) {
      const { shape, outputs, taps, strides, pad } = each, told = JSON.stringify(each);
      const filterShape = [...taps, shape[4]!, outputs];
      const x = numbers(product(shape)), filter = numbers(product(filterShape), 3), wanted = expected(each, x, filter);
      tf().tidy(() => {
        const call = (y: Tensor, w: Tensor) =>
          tf().conv3dTranspose(y as Tensor5D, w as Tensor5D, shape as never, strides as Three, pad as "same");
        const given = [
          tf().tensor(wanted.dy, [shape[0]!, ...wanted.places, outputs]),
          tf().tensor(filter, filterShape),
        ];
        assert.ok(difference(call(given[0]!, given[1]!).dataSync(), wanted.dx) < 1e-4, told);
        // The gradient that comes in is x: then it goes on as the convolution of x.
        const [dy, df] = tf().grads((y, w) => tf().sum(tf().mul(call(y, w), tf().tensor(x, [...shape]))))(given);
        assert.ok(difference(dy!.dataSync(), wanted.y) < 1e-4, told);
        assert.ok(difference(df!.dataSync(), wanted.df) < 1e-3, told);
      });
    }
  });
});
