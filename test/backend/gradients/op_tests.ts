import assert from "node:assert/strict";
import type { Tensor } from "@tensorflow/tfjs-core";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { dot, gradientErrors, held, normal, spaced } from "../../differences.ts";
import { type OpCase, opCases } from "./op_cases.ts";

/** Every operation's gradient against differences, on this backend. */
export function opTests(backend: string): void {
  for (const [name, example] of Object.entries(opCases)) {
    Deno.test(`gradient on ${backend}: ${name}`, async () => {
      await resolveBackend(backend);
      const before = held();
      const errors = await errorsOf(example);
      assert.ok(errors.every((error) => error < 5e-3), `off by a share of ${errors}`);
      assert.deepEqual(held(), before, "tensors are left");
    });
  }
}

const size = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1);

async function errorsOf({ shapes, op, domain }: OpCase): Promise<number[]> {
  const at = shapes.map((shape, i) => inDomain(spaced(size(shape), i + 1, 0.09).map((x) => x + i * 0.045), domain));
  const tensors = (values: readonly Float32Array[]) => values.map((part, i) => tf().tensor(part, [...shapes[i]!]));
  const run = (...x: Tensor[]) => tf().cast(op(...x as never[]), "float32");
  const output = async (values: readonly Float32Array[]) => {
    const y = tf().tidy(() => run(...tensors(values)));
    const numbers = await y.data();
    y.dispose();
    return numbers;
  };
  const weights = normal((await output(at)).length, 9);
  const found = tf().tidy(() => {
    const loss = (...x: Tensor[]) => tf().sum(tf().mul(tf().reshape(run(...x), [-1]), tf().tensor1d(weights)));
    return tf().grads(loss)(tensors(at));
  });
  const gradients = await Promise.all(found.map((gradient) => gradient.data() as Promise<Float32Array>));
  found.forEach((gradient) => gradient.dispose());
  return await gradientErrors(async (values) => dot(await output(values), weights), at, gradients, 2e-2);
}

function inDomain(values: Float32Array, domain: OpCase["domain"]): Float32Array {
  if (domain === "positive") return values.map((x) => 0.4 + Math.abs(x) + (x < 0 ? 0.04 : 0));
  return domain === "unit" ? values.map((x) => x * 0.8 / Math.max(...values.map(Math.abs))) : values;
}
