import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { depthwiseConv2d } from "../../../src/backend/ops/depthwise_conv2d.ts";
import { tf } from "../../../src/backend/tf.ts";
import { difference, numbers, product, type Sliding, windows, withoutLeaks } from "./reference.ts";

await resolveBackend("wasm");

interface Case extends Sliding {
  readonly shape: readonly number[];
  readonly times: number;
}

/** Depthwise convolution and its gradients by their definition. */
function expected({ shape, times, ...sliding }: Case, x: Float32Array, filter: Float32Array) {
  const batch = shape[0]!, ways = shape[3]!, size = shape[1]! * shape[2]!;
  const { shape: places, all } = windows(shape.slice(1, 3), sliding);
  const y = new Float64Array(batch * all.length * ways * times), dy = numbers(y.length, 7);
  const dx = new Float64Array(x.length), df = new Float64Array(filter.length);
  for (let b = 0; b < batch; b++) {
    all.forEach((taps, place) => {
      for (const [tap, position] of taps) {
        for (let c = 0; c < ways; c++) {
          const from = (b * size + position) * ways + c;
          for (let m = 0; m < times; m++) {
            const weight = (tap * ways + c) * times + m, to = ((b * all.length + place) * ways + c) * times + m;
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
for (const shape of [[2, 7, 6, 5], [1, 5, 8, 1], [3, 5, 5, 16], [0, 5, 5, 4]]) {
  for (const times of [1, 2, 5]) {
    for (const taps of [[3, 3], [2, 1], [1, 3]]) {
      for (const [strides, dilations] of [[[1, 1]], [[2, 2]], [[3, 1]], [[1, 1], [2, 2]], [[1, 1], [2, 1]]]) {
        for (const pad of ["same", "valid"] as const) {
          cases.push({ shape, times, taps, strides: strides!, ...(dilations ? { dilations } : {}), pad });
        }
      }
    }
  }
}

for (const backend of ["wasm", "cpu"] as const) {
  Deno.test(`depthwise: convolution and its gradients, every stride, dilation, padding, multiplier on ${backend}`, async () => {
    await resolveBackend(backend);
    // The cpu backend is there for what is composed where a kernel is missing: it is slow.
    const some = backend === "wasm" ? cases : cases.filter(({ dilations, times }) => dilations && times === 2);
    withoutLeaks(tf(), () => some.forEach(check));
    await resolveBackend("wasm");
  });
}

Deno.test("depthwise: padding on every side alike, with strides that aren't; channels first are told", () => {
  const x = numbers(2 * 5 * 6 * 3), filter = numbers(3 * 2 * 3, 3), sliding = { taps: [3, 2], strides: [1, 2], pad: 1 };
  const wanted = expected({ shape: [2, 5, 6, 3], times: 1, ...sliding }, x, filter);
  tf().tidy(() => {
    const [input, weights] = [tf().tensor4d(x, [2, 5, 6, 3]), tf().tensor4d(filter, [3, 2, 3, 1])];
    const y = tf().depthwiseConv2d(input, weights, [1, 2], 1);
    assert.deepEqual(y.shape, [2, ...wanted.places, 3]);
    assert.ok(difference(y.dataSync(), wanted.y) < 1e-5);
    const first = () => tf().depthwiseConv2d(tf().transpose(input, [0, 3, 1, 2]), weights, 1, "same", "NCHW");
    assert.throws(first, /the channels are first/);
  });
});

function check(each: Case): void {
  const { shape, times, taps, strides, dilations = [1, 1], pad } = each, told = JSON.stringify(each);
  const filterShape = [...taps, shape[3]!, times];
  const x = numbers(product(shape)), filter = numbers(product(filterShape), 3), wanted = expected(each, x, filter);
  tf().tidy(() => {
    const [input, weights]: Tensor[] = [tf().tensor(x, [...shape]), tf().tensor(filter, filterShape)];
    const call = (x: Tensor, w: Tensor) =>
      depthwiseConv2d(x as Tensor4D, w as Tensor4D, {
        strides: pair(strides),
        dilations: pair(dilations),
        pad: pad as "same",
      });
    const y = call(input!, weights!), dy = tf().tensor(wanted.dy, y.shape);
    assert.deepEqual(y.shape, [shape[0], ...wanted.places, shape[3]! * times], told);
    const [dx, df] = tf().grads((x, w) => tf().sum(tf().mul(call(x, w), dy)))([input!, weights!]);
    assert.ok(difference(y.dataSync(), wanted.y) < 1e-5, told);
    assert.ok(difference(dx!.dataSync(), wanted.dx) < 1e-5, told);
    assert.ok(difference(df!.dataSync(), wanted.df) < 2e-4, told);
  });
}

const pair = (of: readonly number[]): [number, number] => [of[0]!, of[1]!];
