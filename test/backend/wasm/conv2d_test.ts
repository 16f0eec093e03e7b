import assert from "node:assert/strict";
import type { Tensor } from "@tensorflow/tfjs-core";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { Random } from "../../../src/module/random.ts";
import { difference, product, type Sliding, windows, withoutLeaks } from "./reference.ts";

await resolveBackend("wasm");

/** Numbers from -1 to 1, as if by chance: a pattern would resonate with the transforms. */
function numbers(size: number, seed: number): Float32Array {
  const random = new Random();
  random.seed(seed, "conv2d");
  return Float32Array.from({ length: size }, () => 2 * random.uniform() - 1);
}

/** Images [images, height, width, channels], and what slides over them. */
interface Case extends Sliding {
  readonly shape: readonly number[];
  readonly columns: number;
}

/** Convolution and its gradients by their definition. */
function expected({ shape, columns, ...sliding }: Case, x: Float32Array, filter: Float32Array) {
  const [images, height, width, channels] = shape as [number, number, number, number];
  const { shape: places, all } = windows([height, width], sliding);
  const y = new Float64Array(images * all.length * columns), dy = numbers(y.length, 7);
  const dx = new Float64Array(x.length), df = new Float64Array(filter.length);
  for (let image = 0; image < images; image++) {
    all.forEach((taps, place) => {
      const to = (image * all.length + place) * columns;
      for (const [tap, position] of taps) {
        for (let c = 0; c < channels; c++) {
          const from = (image * height * width + position) * channels + c, weights = (tap * channels + c) * columns;
          for (let o = 0; o < columns; o++) {
            y[to + o]! += x[from]! * filter[weights + o]!;
            dx[from]! += dy[to + o]! * filter[weights + o]!;
            df[weights + o]! += dy[to + o]! * x[from]!;
          }
        }
      }
    });
  }
  return { places, y, dy, dx, df };
}

const run = (kernel: string, inputs: Record<string, Tensor>, attrs: object): Tensor =>
  tf().engine().runKernel(kernel, inputs, attrs as Record<string, string>) as Tensor;

/** The largest difference, as a share of the largest number. */
const error = (found: Tensor, wanted: Float64Array) =>
  difference(found.dataSync(), wanted) / wanted.reduce((most, x) => Math.max(most, Math.abs(x)), 1);

function check(one: Case, first: boolean): void {
  const { shape, columns, taps, strides, dilations = [1, 1], pad } = one;
  const filterShape = [...taps, shape[3]!, columns],
    x = numbers(product(shape), 1),
    filter = numbers(product(filterShape), 2);
  const { places, y, dy, dx, df } = expected(one, x, filter);
  if (places.some((count) => count < 1)) return;
  const pads = Array.isArray(pad) ? first ? [[0, 0], [0, 0], ...pad] : [[0, 0], ...pad, [0, 0]] : pad;
  const attrs = { strides, dilations, pad: pads, dataFormat: first ? "NCHW" : "NHWC", dimRoundingMode: null };
  tf().tidy(() => {
    const order = ([images, height, width, channels]: readonly number[]) =>
      first ? [images!, channels!, height!, width!] : [images!, height!, width!, channels!];
    const turn = (image: Tensor, order: number[]) => image.size === 0 ? image : tf().transpose(image, order);
    const there = (data: Float32Array, shape: readonly number[]) =>
      data.length === 0
        ? tf().zeros(order(shape))
        : first
        ? turn(tf().tensor(data, [...shape]), [0, 3, 1, 2])
        : tf().tensor(data, [...shape]);
    const back = (image: Tensor) => first ? turn(image, [0, 2, 3, 1]) : image;
    const given = {
      x: there(x, shape),
      filter: tf().tensor(filter, filterShape),
      dy: there(dy, [shape[0]!, ...places, columns]),
    };
    const forward = run("Conv2D", { x: given.x, filter: given.filter }, attrs);
    const message = JSON.stringify({ ...one, first });
    assert.deepEqual(forward.shape, order([shape[0]!, ...places, columns]), message);
    assert.ok(error(back(forward), y) < 1e-5, `forward ${message}`);
    const toFilter = run("Conv2DBackpropFilter", { x: given.x, dy: given.dy }, { ...attrs, filterShape });
    assert.ok(error(toFilter, df) < 2e-5, `to the filter ${message}`);
    const toX = run("Conv2DBackpropInput", { dy: given.dy, filter: given.filter }, {
      ...attrs,
      inputShape: order(shape),
    });
    assert.deepEqual(toX.shape, order(shape), message);
    assert.ok(error(back(toX), dx) < 1e-5, `to x ${message}`);
  });
}

/** Channels beside multiples of four and eight; kernels larger than images; an empty batch. */
const kinds = [
  { shape: [2, 8, 9, 3], taps: [3, 3], columns: 5 },
  { shape: [1, 7, 7, 4], taps: [5, 5], columns: 8 },
  { shape: [3, 6, 10, 1], taps: [2, 3], columns: 16 },
  { shape: [2, 5, 5, 8], taps: [1, 1], columns: 4 },
  { shape: [2, 9, 4, 5], taps: [3, 1], columns: 3 },
  { shape: [1, 4, 4, 70], taps: [3, 3], columns: 17 },
  { shape: [0, 5, 5, 3], taps: [3, 3], columns: 4 },
  { shape: [3, 20, 6, 17], taps: [3, 3], columns: 9 },
  { shape: [1, 3, 3, 300], taps: [3, 3], columns: 8 },
];
const pads: Sliding["pad"][] = ["valid", "same", 1, 4, [[1, 2], [0, 3]]];

Deno.test("conv2d: every stride and pad, also strides beyond the kernel", () => {
  withoutLeaks(tf(), () => {
    for (const kind of kinds) {
      for (const strides of [[1, 1], [2, 2], [3, 1], [1, 2], [4, 3]]) {
        for (const pad of pads) check({ ...kind, strides, pad }, false);
      }
    }
  });
});

Deno.test("conv2d: dilations", () => {
  withoutLeaks(tf(), () => {
    for (const kind of kinds) {
      for (const dilations of [[2, 2], [1, 3], [2, 1]]) {
        for (const pad of pads) check({ ...kind, strides: [1, 1], dilations, pad }, false);
      }
    }
  });
});

Deno.test("conv2d: channels first", () => {
  withoutLeaks(tf(), () => {
    for (const kind of kinds) {
      for (const strides of [[1, 1], [2, 1]]) for (const pad of pads) check({ ...kind, strides, pad }, true);
    }
  });
});

Deno.test("conv2d: kernels of 3 to 5 over many tiles, by fewer multiplications", () => {
  withoutLeaks(tf(), () => {
    for (const taps of [[3, 3], [5, 5], [4, 4], [3, 5], [4, 3]]) {
      for (const [channels, columns] of [[8, 8], [16, 12], [12, 20]]) {
        for (const pad of ["same", "valid", 3] as const) {
          check({ shape: [3, 17, 15, channels!], taps, columns: columns!, strides: [1, 1], pad }, false);
        }
      }
    }
  });
});

Deno.test("conv2d: a bias and activations, fused, with channels first and last", () => {
  withoutLeaks(tf(), () => {
    for (const dataFormat of ["NHWC", "NCHW"]) {
      for (const activation of ["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu", "prelu"]) {
        tf().tidy(() => {
          const last = dataFormat === "NHWC", across = last ? [8] : [8, 1, 1];
          const x = tf().tensor(numbers(2 * 9 * 9 * 8, 1), last ? [2, 9, 9, 8] : [2, 8, 9, 9]);
          const filter = tf().tensor(numbers(3 * 3 * 8 * 8, 2), [3, 3, 8, 8]),
            bias = tf().tensor(numbers(8, 3), across);
          const attrs = { strides: [1, 1], pad: "same", dataFormat, dilations: [1, 1], dimRoundingMode: null };
          const alpha = tf().tensor(numbers(8, 4), across);
          const weights: Record<string, Tensor> = activation === "prelu" ? { preluActivationWeights: alpha } : {};
          const inputs = { x, filter, bias, ...weights };
          const found = run("FusedConv2D", inputs, { ...attrs, activation, leakyreluAlpha: 0.3 });
          const sum = tf().add(run("Conv2D", { x, filter }, attrs), bias);
          const { elu, leakyRelu, prelu, relu, relu6, sigmoid } = tf();
          const all: Record<string, () => Tensor> = {
            linear: () => sum,
            relu: () => relu(sum),
            relu6: () => relu6(sum),
            elu: () => elu(sum),
            sigmoid: () => sigmoid(sum),
            leakyrelu: () => leakyRelu(sum, 0.3),
            prelu: () => prelu(sum, alpha),
          };
          const wanted = all[activation]!();
          assert.ok(difference(found.dataSync(), wanted.dataSync()) < 1e-6, `${dataFormat} ${activation}`);
        });
      }
    }
  });
});
