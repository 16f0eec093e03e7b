import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { Family } from "./kernel.ts";

/**
 * `Identity` as other backends have it: the same numbers under another name. tfjs's wasm backend copies them, and does
 * so with all that is kept for a gradient. Nothing changes a tensor's numbers once they are there, so that nobody sees.
 */
export const identity: Family = ({ tf, stock }) => {
  const backend = tf.backend();
  return {
    Identity: (call) => {
      const { dataId, shape, dtype } = call.inputs.x as TensorInfo;
      if (dtype === "string") return stock("Identity")(call);
      backend.incRef(dataId);
      return { dataId, shape, dtype };
    },
  };
};
