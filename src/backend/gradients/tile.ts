import type { Tensor } from "@tensorflow/tfjs-core";
import { type Gradient, product } from "./gradient.ts";

/** The sum over the copies, for any rank; tfjs's own takes one copy after the other, and up to four dimensions. */
export const tile: Gradient = (tf) => ({
  kernelName: "Tile",
  inputsToSave: ["x"],
  gradFunc: (dy, [x], { reps }) => ({
    x: () => {
      let sum = dy as Tensor;
      for (const [axis, copies] of (reps as number[]).entries()) {
        if (copies === 1) continue;
        const { shape } = sum, length = x!.shape[axis]!;
        const [outer, inner] = [product(shape.slice(0, axis)), product(shape.slice(axis + 1))];
        const summed = tf.sum(tf.reshape(sum, [outer, copies, length * inner]), 1);
        sum = tf.reshape(summed, shape.with(axis, length));
      }
      return sum;
    },
  }),
});
