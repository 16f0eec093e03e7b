import type { Tensor } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import type { Gradient } from "./gradient.ts";

/** The sum the other way round. tfjs's own turns it wrongly unless the axis is the last one. */
export const cumsum: Gradient = (tf) => ({
  kernelName: "Cumsum",
  gradFunc: (dy, _, { axis, exclusive, reverse }) => ({
    x: () => tf.cumsum(dy as Tensor, axis as number, exclusive as boolean, !reverse),
  }),
});

/**
 * `dx[i] = Σ dy[j] Π x[k]`, over every `j` whose product has `x[i]` in it, and its other factors `k`. Nothing is
 * divided, so that zeros are no harm; it takes room for `length²` numbers a row.
 */
export const cumprod: Gradient = (tf) => ({
  kernelName: "Cumprod",
  inputsToSave: ["x"],
  gradFunc: (dy, [x], { axis, exclusive, reverse }) => ({
    x: () => {
      const last = (x!.rank + (axis as number)) % x!.rank;
      const order = [...x!.shape.keys()].filter((i) => i !== last).concat(last);
      const rows = (tensor: Tensor) => tf.reshape(tf.transpose(tensor, order), [-1, 1, x!.shape[last]!]);
      const dx = along(tf, rows(dy as Tensor), rows(x!), exclusive as boolean, reverse as boolean);
      const turned = tf.reshape(dx, order.map((i) => x!.shape[i]!));
      return tf.transpose(turned, tf.backend_util.getUndoAxesPermutation(order));
    },
  }),
});

/** Of `[rows, 1, length]`, for products along the last dimension. */
function along(tf: TF, dy: Tensor, x: Tensor, exclusive: boolean, reverse: boolean): Tensor {
  const length = x.shape[2]!;
  const own = tf.reshape(tf.eye(length), [1, length, length]);
  const others = tf.add(tf.mul(x, tf.sub(1, own)), own); // row i with a 1 for x[i]
  const products = tf.cumprod(others, 2, exclusive, reverse);
  const range = tf.range(0, length, 1, "int32");
  const [i, j] = [tf.reshape(range, [length, 1]), tf.reshape(range, [1, length])];
  const [first, second] = reverse ? [j, i] : [i, j];
  const taken = tf.cast(exclusive ? tf.less(first, second) : tf.lessEqual(first, second), "float32");
  return tf.sum(tf.mul(tf.mul(products, taken), dy), 2);
}
