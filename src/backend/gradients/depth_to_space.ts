import type { Tensor } from "@tensorflow/tfjs-core";
import type { TF } from "../tf.ts";
import type { Gradient } from "./gradient.ts";

/** Blocks of pixels go back into channels. */
export const depthToSpace: Gradient = (tf) => ({
  kernelName: "DepthToSpace",
  gradFunc: (dy, _, { blockSize, dataFormat }) => ({
    x: () => {
      const first = dataFormat === "NCHW", block = blockSize as number;
      const last = first ? tf.transpose(dy as Tensor, [0, 2, 3, 1]) : dy as Tensor;
      const x = spaceToDepth(tf, last, block);
      return first ? tf.transpose(x, [0, 3, 1, 2]) : x;
    },
  }),
});

function spaceToDepth(tf: TF, x: Tensor, block: number): Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const [rows, columns] = [height / block, width / block];
  const blocks = tf.reshape(x, [batch, rows, block, columns, block, channels]);
  return tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4, 5]), [batch, rows, columns, block * block * channels]);
}
