import type { Tensor } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import { type Gradient, product } from "./gradient.ts";

/** Rows are summed where they came from. tfjs's own fails for negative axes and for more than one batch dimension. */
export const gather: Gradient = (tf) => ({
  kernelName: "GatherV2",
  inputsToSave: ["x", "indices"],
  gradFunc: (dy, [x, indices], attrs) => {
    const axis = attrs.axis as number, batchDims = attrs.batchDims as number ?? 0;
    return {
      x: () => scatter(tf, dy as Tensor, x!.shape, indices!, axis < 0 ? axis + x!.rank : axis, batchDims),
      indices: () => tf.zeros(indices!.shape),
    };
  },
});

function scatter(tf: TF, dy: Tensor, shape: number[], indices: Tensor, axis: number, batchDims: number): Tensor {
  const batch = product(shape.slice(0, batchDims)), outer = product(shape.slice(batchDims, axis));
  const length = shape[axis]!, inner = product(shape.slice(axis + 1)), picked = indices.size / batch;
  const rows = (dims: number[], x: Tensor) => outer === 1 ? x : tf.transpose(tf.reshape(x, dims), [0, 2, 1, 3]);
  const values = tf.reshape(rows([batch, outer, picked, inner], dy), [batch * picked, outer * inner]);
  const places = tf.reshape(tf.cast(indices, "int32"), [batch, picked]);
  const starts = tf.range(0, batch * length, length, "int32");
  const segments = batch === 1 ? places : tf.add(places, tf.reshape(starts, [batch, 1]));
  const sums = tf.unsortedSegmentSum(values, tf.reshape(segments, [batch * picked]), batch * length);
  return tf.reshape(rows([batch, length, outer, inner], sums), shape);
}
