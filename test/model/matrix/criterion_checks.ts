import assert from "node:assert/strict";
import type { Tensor } from "@tensorflow/tfjs-core";
import { tf } from "../../../src/backend/tf.ts";
import { dot, gradientErrors } from "../../differences.ts";
import type { CriterionCase } from "./criterion_cases.ts";

type Unit = (output: Tensor, target: Tensor) => Tensor;

/** A criterion's or a metric's value, against what was worked out by hand. */
export async function checkValue(unit: Unit, { output, target, value }: CriterionCase): Promise<void> {
  const scalar = tf().tidy(() => unit(tf().tensor2d(output), targetTensor(target)));
  assert.equal(scalar.rank, 0);
  const [found] = await scalar.data();
  scalar.dispose();
  assert.ok(Math.abs(found! - value) < 1e-5 * (1 + Math.abs(value)), `${found} instead of ${value}`);
}

/** A criterion's gradient, against differences. */
export async function checkGradient(criterion: Unit, { output, target }: CriterionCase): Promise<void> {
  const flat = output.flat();
  // Beyond what differences can tell, or where there is no slope to compare with.
  if (flat.some((x) => Math.abs(x) > 100) || output.some((row) => row.every((x) => x === 0))) return;
  const shape = [output.length, output[0]!.length];
  // Around another point: at the examples some errors are zero, where there is no slope.
  const at = Float32Array.from(flat, (x) => x * 0.9 + 0.033);
  const run = (x: Tensor) => criterion(x, targetTensor(target));
  const gradient = tf().tidy(() => tf().grad(run)(tf().tensor(at, shape)));
  const told = await gradient.data() as Float32Array;
  gradient.dispose();
  const loss = async ([values]: readonly Float32Array[]) => {
    const scalar = tf().tidy(() => run(tf().tensor(values!, shape)));
    const numbers = await scalar.data();
    scalar.dispose();
    return dot(numbers, [1]);
  };
  const [error] = await gradientErrors(loss, [at], [told], 8e-3);
  assert.ok(error! < 5e-3, `the gradient is off by a share of ${error}`);
}

/** Class numbers as whole numbers, rows as fractions. */
function targetTensor(target: CriterionCase["target"]): Tensor {
  if (Array.isArray(target[0])) return tf().tensor2d(target as number[][]);
  const whole = (target as number[]).every(Number.isInteger);
  return tf().tensor1d(target as number[], whole ? "int32" : "float32");
}
