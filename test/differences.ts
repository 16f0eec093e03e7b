import { tf } from "../src/backend/tf.ts";
import { Random } from "../src/module/random.ts";

/** What a loss is at some values: one array for each thing that it depends on. */
export type Loss = (at: readonly Float32Array[]) => number | Promise<number>;

/** How many directions are tried for each array. */
const directions = 3;

/**
 * How far gradients are from a loss's slopes along random directions of plus and minus one, as a share of the
 * gradient's length: for each array the worst. Central differences of two steps, the error of the second order taken
 * out of them (L. Richardson, 1911), so that 32 bits suffice.
 */
export async function gradientErrors(
  loss: Loss,
  at: readonly Float32Array[],
  gradients: readonly Float32Array[],
  step = 1e-2,
): Promise<number[]> {
  const random = new Random(5);
  const errors: number[] = [];
  for (const [part, values] of at.entries()) {
    let worst = 0;
    for (let i = 0; i < directions; i++) {
      const way = Float32Array.from(values, () => random.uniform() < 0.5 ? -1 : 1);
      const slope = async (h: number) =>
        (await moved(loss, at, part, way, h) - await moved(loss, at, part, way, -h)) / (2 * h);
      const found = (4 * await slope(step / 2) - await slope(step)) / 3;
      const told = dot(gradients[part]!, way), length = Math.sqrt(dot(gradients[part]!, gradients[part]!));
      // Where there is no slope at all, the slope that was found is itself the error.
      const error = Math.abs(found - told) / Math.max(length, 1e-2);
      worst = Number.isNaN(error) ? Infinity : Math.max(worst, error);
    }
    errors.push(worst);
  }
  return errors;
}

function moved(loss: Loss, at: readonly Float32Array[], part: number, way: Float32Array, h: number) {
  return loss(at.map((values, i) => i === part ? values.map((x, j) => x + h * way[j]!) : values));
}

/** A sum of products in 64 bits. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/**
 * Numbers around zero in random order, no two of them and none of them and zero nearer than `gap`: so that a small step
 * passes no kink of a maximum or a ReLU.
 */
export function spaced(size: number, seed: number, gap = 0.05): Float32Array {
  const order = new Random(seed).permutation(size);
  return Float32Array.from(order, (place) => (place - size / 2 + 0.5 + (place * 2 < size ? -0.5 : 0.5)) * gap);
}

/** Normal numbers. */
export function normal(size: number, seed: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: size }, () => random.normal());
}

/** How many tensors there are, and how many the active backend holds. */
export const held = (): [tensors: number, data: number] => [
  tf().memory().numTensors,
  tf().engine().backend.numDataIds(),
];
