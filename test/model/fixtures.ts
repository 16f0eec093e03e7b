import type { Tensor } from "@tensorflow/tfjs-core";
import type { Description } from "../../src/data/batch.ts";
import { tf } from "../../src/backend/tf.ts";
import { NDArray } from "../../src/module/ndarray.ts";
import { Random } from "../../src/module/random.ts";
import { seedTree } from "../../src/module/seed.ts";
import { type Batch, Model } from "../../src/model/model.ts";
import type { LayerDescription } from "../../src/model/layer_options.ts";

/** A batch of random inputs, each with the class of its greatest first element. */
export function classBatch(size: number, shape: number[], classes: number, seed = 1): Batch {
  const random = new Random(seed);
  const length = shape.reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length: size * length }, () => random.normal());
  const target = Int32Array.from({ length: size }, (_, i) => {
    const first = data.subarray(i * length, i * length + classes);
    return first.indexOf(Math.max(...first));
  });
  return { input: new NDArray("float32", [size, ...shape], data), target: new NDArray("int32", [size], target), size };
}

/** What batches of {@linkcode classBatch} are made of. */
export const classes = (shape: number[], count: number): Description => ({
  input: { shape, dtype: "float32" },
  target: { shape: [], dtype: "int32", classes: count },
});

/** A Model that is seeded and built. */
export async function built(
  layers: LayerDescription[],
  description: Description,
  options: Record<string, unknown> = {},
): Promise<Model> {
  const model = new Model({ net: { Sequential: { layers } }, ...options });
  seedTree(model, 7);
  await model.prepare();
  model.build(description);
  return model;
}

/** Gradient by central differences, against the one that tfjs gives. The greatest difference of the two. */
export function gradientError(f: (x: Tensor) => Tensor, at: NDArray, step = 1e-2): number {
  const { tidy, tensor, grad } = tf();
  const shape = [...at.shape];
  const analytic = tidy(() => grad(f)(tensor(at.data as Float32Array, shape)).dataSync().slice());
  let worst = 0;
  for (let i = 0; i < at.size; i++) {
    const [up, down] = [step, -step].map((delta) => {
      const moved = (at.data as Float32Array).slice();
      moved[i]! += delta;
      return tidy(() => f(tensor(moved, shape)).dataSync()[0]!);
    });
    worst = Math.max(worst, Math.abs((up! - down!) / (2 * step) - analytic[i]!));
  }
  return worst;
}
