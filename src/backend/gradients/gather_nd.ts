import type { Tensor } from "@tensorflow/tfjs-core";
import type { Gradient } from "./gradient.ts";

/** What was gathered is summed where it came from. */
export const gatherNd: Gradient = (tf) => ({
  kernelName: "GatherNd",
  inputsToSave: ["params", "indices"],
  gradFunc: (dy, [params, indices]) => ({
    params: () => tf.scatterND(indices!, dy as Tensor, params!.shape),
    indices: () => tf.zeros(indices!.shape),
  }),
});

/** What was put somewhere gets the gradient from there. */
export const scatterNd: Gradient = (tf) => ({
  kernelName: "ScatterNd",
  inputsToSave: ["indices"],
  gradFunc: (dy, [indices]) => ({
    updates: () => tf.gatherND(dy as Tensor, indices!),
    indices: () => tf.zeros(indices!.shape),
  }),
});

/** As {@linkcode scatterNd}; the tensor gets the gradient of what was not replaced. */
export const tensorScatterUpdate: Gradient = (tf) => ({
  kernelName: "TensorScatterUpdate",
  inputsToSave: ["indices", "updates"],
  gradFunc: (dy, [indices, updates]) => ({
    tensor: () => tf.tensorScatterUpdate(dy as Tensor, indices!, tf.zerosLike(updates!)),
    updates: () => tf.gatherND(dy as Tensor, indices!),
    indices: () => tf.zeros(indices!.shape),
  }),
});
