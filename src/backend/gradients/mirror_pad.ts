import type { Tensor } from "@tensorflow/tfjs-core";
import { type Gradient, product, putBack, run } from "./gradient.ts";

/** What went into the border is summed where it came from; tfjs's own loses it. */
export const mirrorPad: Gradient = (tf) => ({
  kernelName: "MirrorPad",
  inputsToSave: ["x"],
  gradFunc: (dy, [x], attrs) => ({
    x: () => {
      const numbered = tf.reshape(tf.range(0, product(x!.shape), 1, "int32"), x!.shape);
      return putBack(tf, dy as Tensor, x!.shape, run(tf, "MirrorPad", { x: numbered }, attrs));
    },
  }),
});
