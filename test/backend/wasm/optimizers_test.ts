import assert from "node:assert/strict";
import type { Tensor } from "@tensorflow/tfjs-core";
import { adagradStep } from "../../../src/backend/ops/adagrad_step.ts";
import { adamStep } from "../../../src/backend/ops/adam_step.ts";
import { momentumStep } from "../../../src/backend/ops/momentum_step.ts";
import { rmsPropStep } from "../../../src/backend/ops/rms_prop_step.ts";
import { sgdStep } from "../../../src/backend/ops/sgd_step.ts";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { difference, numbers, withoutLeaks } from "./reference.ts";

const size = 23, [p, g, s, u] = [1, 2, 3, 4].map((seed) => numbers(size, seed)) as [Numbers, Numbers, Numbers, Numbers];
type Numbers = Float32Array;
const squares = s.map((x) => x * x);
const all = (f: (i: number) => number) => Float64Array.from({ length: size }, (_, i) => f(i));
const tensor = (data: Numbers) => tf().tensor(data);

/** Each step: what it gives, and what it is to give. */
const steps: Record<string, () => [found: Tensor[], wanted: Float64Array[]]> = {
  sgd: () => [[sgdStep(tensor(p), tensor(g), 0.1)], [all((i) => p[i]! - 0.1 * g[i]!)]],
  momentum: () => {
    const numbers = { rate: 0.1, momentum: 0.9, nesterov: false };
    const speed = all((i) => 0.9 * u[i]! + g[i]!);
    const found = momentumStep({ value: tensor(p), gradient: tensor(g), velocity: tensor(u) }, numbers);
    return [found, [all((i) => p[i]! - 0.1 * speed[i]!), speed]];
  },
  nesterov: () => {
    const numbers = { rate: 0.1, momentum: 0.9, nesterov: true };
    const speed = all((i) => 0.9 * u[i]! + g[i]!);
    const found = momentumStep({ value: tensor(p), gradient: tensor(g), velocity: tensor(u) }, numbers);
    return [found, [all((i) => p[i]! - 0.1 * (g[i]! + 0.9 * speed[i]!)), speed]];
  },
  adam: () => {
    const numbers = { size: 0.1, epsilon: 0.01, beta1: 0.8, beta2: 0.95, keep: 0.9 };
    const m = all((i) => 0.8 * u[i]! + 0.2 * g[i]!), v = all((i) => 0.95 * squares[i]! + 0.05 * g[i]! ** 2);
    const state = { value: tensor(p), gradient: tensor(g), m: tensor(u), v: tensor(squares) };
    return [adamStep(state, numbers), [all((i) => 0.9 * p[i]! - 0.1 * m[i]! / (Math.sqrt(v[i]!) + 0.01)), m, v]];
  },
  rmsProp: () => {
    const numbers = { rate: 0.1, decay: 0.9, momentum: 0, epsilon: 0.01 };
    const next = all((i) => 0.9 * squares[i]! + 0.1 * g[i]! ** 2);
    const found = rmsPropStep({ value: tensor(p), gradient: tensor(g), squares: tensor(squares) }, numbers);
    return [found as Tensor[], [all((i) => p[i]! - 0.1 * g[i]! / Math.sqrt(next[i]! + 0.01)), next]];
  },
  rmsPropWithMomentum: () => {
    const numbers = { rate: 0.1, decay: 0.9, momentum: 0.5, epsilon: 0.01 };
    const next = all((i) => 0.9 * squares[i]! + 0.1 * g[i]! ** 2);
    const speed = all((i) => 0.5 * u[i]! + 0.1 * g[i]! / Math.sqrt(next[i]! + 0.01));
    const state = { value: tensor(p), gradient: tensor(g), squares: tensor(squares), velocity: tensor(u) };
    return [rmsPropStep(state, numbers) as Tensor[], [all((i) => p[i]! - speed[i]!), next, speed]];
  },
  adagrad: () => {
    const next = all((i) => squares[i]! + g[i]! ** 2);
    const state = { value: tensor(p), gradient: tensor(g), squares: tensor(squares) };
    const found = adagradStep(state, { rate: 0.1, epsilon: 0.01 });
    return [found, [all((i) => p[i]! - 0.1 * g[i]! / Math.sqrt(next[i]! + 0.01)), next]];
  },
};

for (const backend of ["wasm", "cpu"]) {
  for (const [name, step] of Object.entries(steps)) {
    Deno.test(`optimizers: a step of ${name} on ${backend}`, async () => {
      await resolveBackend(backend);
      withoutLeaks(tf(), () =>
        tf().tidy(() => {
          const [found, wanted] = step();
          assert.equal(found.length, wanted.length);
          found.forEach((tensor, i) => assert.ok(difference(tensor.dataSync(), wanted[i]!) < 1e-5, `${i}`));
        }));
      await resolveBackend("wasm");
    });
  }
}
