import type { Tensor } from "@tensorflow/tfjs-core";
import { z } from "zod";
import { tf } from "../backend/tf.ts";
import type { NDArray } from "../module/ndarray.ts";
import { Criterion } from "./criterion.ts";
import { crossentropy, logOf } from "./crossentropy.ts";
import { asClasses } from "./shapes.ts";

const schema = z.strictObject({
  /** Whether the net's output are logits (any numbers), not probabilities. */
  fromLogits: z.boolean().nullable().default(null),
});

/**
 * `-log p(class)`, of outputs `[batch, ..., classes]` and targets that are the classes' numbers.
 * As `keras.losses.SparseCategoricalCrossentropy(from_logits=True)`.
 */
export class SparseCategoricalCrossentropy extends Criterion<typeof schema> {
  static override schema: z.ZodObject = schema;
  fromLogits: boolean | null = this.options.fromLogits;

  override invoke(output: Tensor, target: Tensor): Tensor {
    if (output.shape.at(-1)! < 2) {
      throw new TypeError(
        "Cannot compute SparseCategoricalCrossentropy: the net's output has one column; give the last layer a unit for each class, or take BinaryCrossentropy",
      );
    }
    // One-hot rows, not gather(): the gradient of gather() needs a kernel that the wasm backend lacks.
    const wanted = tf().oneHot(asClasses("SparseCategoricalCrossentropy", output, target), output.shape.at(-1)!);
    return crossentropy((this.fromLogits ?? true) ? output : logOf(output), tf().cast(wanted, "float32"));
  }

  override checkTarget(target: NDArray, outputShape: readonly number[]): void {
    const classes = outputShape.at(-1)!;
    for (const label of target.data) {
      if (label >= 0 && label < classes) continue;
      throw new RangeError(
        `Cannot compute SparseCategoricalCrossentropy: found class ${label}, the net's output has ${classes}; classes are counted from 0, and the last layer needs as many units`,
      );
    }
  }
}
