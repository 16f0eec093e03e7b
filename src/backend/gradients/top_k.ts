import type { Tensor } from "@tensorflow/tfjs-core";
import { type Gradient, product, putBack } from "./gradient.ts";

/** The greatest numbers of each row get the gradient back where they were. */
export const topK: Gradient = (tf) => ({
  kernelName: "TopK",
  inputsToSave: ["x"],
  outputsToSave: [false, true],
  gradFunc: (dys, [x, indices]) => ({
    x: () => {
      const [dy] = dys as Tensor[];
      const length = x!.shape.at(-1)!, rows = product(x!.shape.slice(0, -1));
      const starts = tf.reshape(tf.range(0, rows * length, length, "int32"), [rows, 1]);
      const places = tf.add(tf.reshape(indices!, [rows, -1]), starts);
      return putBack(tf, dy!, x!.shape, places);
    },
  }),
});
