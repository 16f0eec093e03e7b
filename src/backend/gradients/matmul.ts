import type { Tensor } from "@tensorflow/tfjs-core";
import { type Gradient, unbroadcast } from "./gradient.ts";

/** tfjs's own, and then the sum over the batch's dimensions along which an operand was broadcast. */
export const matmul: Gradient = (tf) => {
  const stock = tf.getGradient("BatchMatMul");
  return {
    ...stock,
    gradFunc: (dy, saved, attrs) => {
      const gradients = stock.gradFunc(dy, saved, attrs) as Record<"a" | "b", () => Tensor>;
      const [a, b] = saved;
      return {
        a: () => unbroadcast(tf, gradients.a(), a!.shape),
        b: () => unbroadcast(tf, gradients.b(), b!.shape),
      };
    },
  };
};
